package dev.emergence.execute.device;

import org.apiguardian.api.API;

/**
 * Thrown when the machine does not have what is needed: a device, a native library, memory or disk
 * space. The message is one sentence for people.
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

  /**
   * With the underlying error.
   *
   * @param message what was needed, what was found, what to do
   * @param cause the underlying error
   */
  public Unavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
