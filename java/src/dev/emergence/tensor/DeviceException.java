package dev.emergence.tensor;

/**
 * A device could not do what was asked, though the arguments were right. After {@link
 * Reason#OUT_OF_MEMORY} and {@link Reason#UNAVAILABLE} the backend, or another one, can still be
 * used.
 */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** Memory for a buffer or the workspace is missing. */
    OUT_OF_MEMORY,
    /** There is no such device, or a library it needs cannot be loaded. */
    UNAVAILABLE,
    /** An operation failed while it ran. */
    FAILED
  }

  private final Reason reason;

  /**
   * An exception.
   *
   * @param message one sentence: what failed, and what to do if something can be done
   */
  public DeviceException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
