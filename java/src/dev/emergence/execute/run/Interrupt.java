package dev.emergence.execute.run;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apiguardian.api.API;

/**
 * A request to stop soon and save everything. A signal, {@code --stop-after}, or a failed run under
 * {@code on_failure: stop} makes such a request. Thread-safe.
 */
@API(status = API.Status.MAINTAINED)
public final class Interrupt {
  /** The causes of a stop. */
  public enum Cause {
    /** There is no request. */
    NONE,
    /** A signal or a caller requested it, or the work cannot go on. */
    REQUEST,
    /** The time that was given is over. */
    TIME,
    /** A run has failed, and the file asks to stop then. */
    FAILURE;

    /** Whether work ends that the same command would go on with; after a failure it would not. */
    public boolean isPause() {
      return this == REQUEST || this == TIME;
    }
  }

  private record Stop(Cause cause, String reason) {}

  private static final Stop NONE = new Stop(Cause.NONE, "");
  private final AtomicReference<Stop> stop = new AtomicReference<>(NONE);
  private final long deadline;

  private Interrupt(long deadline) {
    this.deadline = deadline;
  }

  /** An interrupt that happens only on request. */
  public static Interrupt onRequest() {
    return new Interrupt(Long.MAX_VALUE);
  }

  /** An interrupt that happens on request, or after some time of the monotonic clock. */
  public static Interrupt after(Duration time) {
    return new Interrupt(System.nanoTime() + time.toNanos());
  }

  /** Requests the stop. If there are several requests, the first reason is kept. */
  public void request(String why) {
    request(Cause.REQUEST, why);
  }

  /** Requests the stop because a run has failed and the file asks to stop then. */
  public void requestAfterFailure(String why) {
    request(Cause.FAILURE, why);
  }

  private void request(Cause cause, String why) {
    stop.compareAndSet(NONE, new Stop(cause, why));
  }

  /** The cause of the stop. */
  public Cause cause() {
    return requested() ? stop.get().cause() : Cause.NONE;
  }

  /** Whether a stop is requested. */
  public boolean requested() {
    if (deadline != Long.MAX_VALUE && System.nanoTime() - deadline >= 0) {
      request(Cause.TIME, "the time given by --stop-after is over");
    }
    return stop.get() != NONE;
  }

  /** The reason of the stop; empty when none is requested. */
  public String reason() {
    return requested() ? stop.get().reason() : "";
  }

  /** Thrown by work that was asked to stop, after it has saved its state. */
  static final class Stopped extends Exception {
    private static final long serialVersionUID = 1;
  }
}
