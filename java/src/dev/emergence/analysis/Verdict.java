package dev.emergence.analysis;

import java.util.Locale;
import org.apiguardian.api.API;

/** Whether a claim or an expectation holds. */
@API(status = API.Status.MAINTAINED)
public enum Verdict {
  HOLDS,
  FAILS,
  /**
   * Cannot be decided, because runs are missing, unreached, diverged or failed. It counts as not
   * holding.
   */
  UNDECIDED;

  /** The word in tables. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
