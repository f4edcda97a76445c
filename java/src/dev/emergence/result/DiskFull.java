package dev.emergence.result;

import java.io.IOException;

/** There is too little space to go on safely. */
public final class DiskFull extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param message where, how much there is, how much is needed, what to do
   */
  public DiskFull(String message) {
    super(message);
  }
}
