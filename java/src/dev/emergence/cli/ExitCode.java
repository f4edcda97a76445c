package dev.emergence.cli;

/** What a process says to the shell or the scheduler that started it. */
final class ExitCode {
  /** Everything is done; claims and expectations hold. */
  static final int OK = 0;

  /** A bug in this program. */
  static final int INTERNAL = 1;

  /** A bad command line. */
  static final int USAGE = 2;

  /** The experiment file cannot be run. */
  static final int INVALID_FILE = 3;

  /** Some runs failed or diverged; the rest is complete. */
  static final int RUNS_FAILED = 4;

  /** Runs are complete, but an expectation or a claim does not hold. */
  static final int EXPECTATION_MISSED = 5;

  /** The results folder cannot be used. */
  static final int FOLDER_UNUSABLE = 6;

  /** No device, no native library, disk full, out of memory. */
  static final int ENVIRONMENT = 7;

  /** Interrupted with all state saved: run it again (EX_TEMPFAIL of sysexits.h). */
  static final int INTERRUPTED = 75;

  private ExitCode() {}
}
