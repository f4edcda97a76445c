package dev.emergence.execute.device;

import org.apiguardian.api.API;

/**
 * The machine lacks what was asked for: a device, a native library, memory or disk space. One
 * sentence for people.
 */
@API(status = API.Status.MAINTAINED)
public final class Unavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message what was asked for, what was found, what to do
   */
  public Unavailable(String message) {
    super(message);
  }

  /** With the error that told. */
  public Unavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
