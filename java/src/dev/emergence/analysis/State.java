package dev.emergence.analysis;

import java.util.Locale;
import org.apiguardian.api.API;

/** What one run says about one threshold of one condition. */
@API(status = API.Status.MAINTAINED)
public enum State {
  /** Crossed. */
  REACHED,
  /** Not crossed by the last step: the crossing lies later. */
  UNREACHED,
  /**
   * Not crossed by the last step, and the run ended there because another threshold stopped it: it
   * was not looked for to the end.
   */
  STOPPED,
  /** The loss exploded or ceased to be a number: no point of any fit. */
  DIVERGED,
  /** A fault of the machine or the program: no point of any fit. */
  FAILED,
  /** Not stored yet. */
  MISSING;

  /** As written in tables. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
