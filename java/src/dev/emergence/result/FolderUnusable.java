package dev.emergence.result;

import org.apiguardian.api.API;

/**
 * A results folder that cannot be worked with: of a newer version, not ours, not readable, or not
 * writable.
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

  /** With the error that told. */
  public FolderUnusable(String message, Throwable cause) {
    super(message, cause);
  }
}
