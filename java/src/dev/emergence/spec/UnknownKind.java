package dev.emergence.spec;

/** What is stored has a kind that no part of the program, and no plug-in that is here, knows. */
public final class UnknownKind extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  UnknownKind(String message) {
    super(message);
  }
}
