package dev.emergence.analysis;

import java.util.Locale;
import org.apiguardian.api.API;

/** Whether a statement about the data is borne out. */
@API(status = API.Status.MAINTAINED)
public enum Verdict {
  HOLDS,
  FAILS,
  /**
   * Runs that are missing, unreached, diverged or failed leave it open; it counts as not holding.
   */
  UNDECIDED;

  /** As written in tables. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
