package dev.emergence.study;

/** A run's training has no such moment. The message says why, for people. */
public final class NoMoment extends Exception {
  private static final long serialVersionUID = 1;

  NoMoment(String message) {
    super(message);
  }
}
