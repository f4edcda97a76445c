package dev.emergence.execute;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A request to stop soon with everything saved: by a signal, by {@code --stop-after}, or because
 * another run has failed under {@code on_failure: stop}. Thread-safe.
 */
public final class Interrupt {
  private static final String AFTER_FAILURE = " failed and on_failure is stop";

  private final AtomicReference<String> reason = new AtomicReference<>("");
  private final long deadline;

  private Interrupt(long deadline) {
    this.deadline = deadline;
  }

  /** Only on request. */
  public static Interrupt onRequest() {
    return new Interrupt(Long.MAX_VALUE);
  }

  /** On request, or after some time by the monotonic clock. */
  public static Interrupt after(Duration time) {
    return new Interrupt(System.nanoTime() + time.toNanos());
  }

  /** Asks for the stop; the first reason stays. */
  public void request(String why) {
    reason.compareAndSet("", why);
  }

  /** Asks for the stop because a run has failed and the file wants no others then. */
  void requestAfterFailure(String run) {
    request("run " + run + AFTER_FAILURE);
  }

  /** Whether the stop was asked for because a run has failed. */
  public boolean isAfterFailure() {
    return reason().endsWith(AFTER_FAILURE);
  }

  /** Whether to stop. */
  public boolean requested() {
    if (deadline != Long.MAX_VALUE && System.nanoTime() - deadline >= 0) {
      request("the time given by --stop-after is over");
    }
    return !reason.get().isEmpty();
  }

  /** Why, or empty. */
  public String reason() {
    return requested() ? reason.get() : "";
  }

  /** Thrown by work that was asked to stop, after it has saved its state. */
  static final class Stopped extends Exception {
    private static final long serialVersionUID = 1;
  }
}
