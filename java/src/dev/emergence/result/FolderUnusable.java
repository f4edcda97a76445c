package dev.emergence.result;

import org.apiguardian.api.API;

/**
 * Thrown when a results folder cannot be used: it belongs to a newer version, it is not a results
 * folder, or it cannot be read or written.
 */
@API(status = API.Status.MAINTAINED)
public final class FolderUnusable extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message the path, what is wrong, what to do
   */
  public FolderUnusable(String message) {
    super(message);
  }

  /**
   * With the underlying error.
   *
   * @param message the path, what is wrong, what to do
   * @param cause the underlying error
   */
  public FolderUnusable(String message, Throwable cause) {
    super(message, cause);
  }
}
