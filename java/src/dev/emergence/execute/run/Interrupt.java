package dev.emergence.execute.run;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apiguardian.api.API;

/**
 * A request to stop soon with everything saved: by a signal, by {@code --stop-after}, or because
 * another run has failed under {@code on_failure: stop}. Thread-safe.
 */
@API(status = API.Status.MAINTAINED)
public final class Interrupt {
  /** What asked for a stop. */
  public enum Cause {
    /** Nothing did. */
    NONE,
    /** A signal, a caller, or work that cannot go on. */
    REQUEST,
    /** The time given beforehand is over. */
    TIME,
    /** A run has failed, and the file wants no others then. */
    FAILURE
  }

  private record Stop(Cause cause, String reason) {}

  private static final Stop NONE = new Stop(Cause.NONE, "");
  private final AtomicReference<Stop> stop = new AtomicReference<>(NONE);
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
    request(Cause.REQUEST, why);
  }

  /** Asks for the stop because a run has failed and the file wants no others then. */
  public void requestAfterFailure(String why) {
    request(Cause.FAILURE, why);
  }

  private void request(Cause cause, String why) {
    stop.compareAndSet(NONE, new Stop(cause, why));
  }

  /** What asked for the stop. */
  public Cause cause() {
    return requested() ? stop.get().cause() : Cause.NONE;
  }

  /** Whether to stop. */
  public boolean requested() {
    if (deadline != Long.MAX_VALUE && System.nanoTime() - deadline >= 0) {
      request(Cause.TIME, "the time given by --stop-after is over");
    }
    return stop.get() != NONE;
  }

  /** Why, or empty. */
  public String reason() {
    return requested() ? stop.get().reason() : "";
  }

  /** Thrown by work that was asked to stop, after it has saved its state. */
  static final class Stopped extends Exception {
    private static final long serialVersionUID = 1;
  }
}
