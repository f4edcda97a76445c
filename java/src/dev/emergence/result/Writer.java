package dev.emergence.result;

/** Names in which files that are not final yet tell those who write them apart. */
final class Writer {
  /** Tells this process's files from those of others. */
  static final String PROCESS =
      ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());

  private Writer() {}

  /** The same for files that several threads of a process may write: of one results folder, say. */
  static String thread() {
    return PROCESS + "-" + Thread.currentThread().getId();
  }
}
