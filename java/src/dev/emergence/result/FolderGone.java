package dev.emergence.result;

import java.io.IOException;

/** The results folder is no longer where it was opened: moved, deleted, or without its runs. */
public final class FolderGone extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param message where it was, what to do
   */
  public FolderGone(String message) {
    super(message);
  }
}
