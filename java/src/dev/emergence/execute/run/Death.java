package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.RunFolder;
import dev.emergence.result.Safetensors;
import java.io.IOException;

/**
 * What the death of a worker means for the run it was at. A run that kills its workers is given up
 * after its retries, counted since it last came further; a worker that was killed from outside says
 * less about its run, so more such deaths are forgiven.
 *
 * @param forgiven deaths without progress that a run survives
 * @param cause for its reason, should it be given up
 */
public record Death(Site site, int forgiven, String cause) {
  private static final int OUTSIDE = 4;

  /**
   * A worker that died by its own fault.
   *
   * @param cause such as " (a native crash)"
   */
  public static Death byFault(Site site, int retries, String cause) {
    return new Death(site, retries, cause);
  }

  /** A worker that was killed. */
  public static Death fromOutside(Site site, int retries, String cause) {
    return new Death(site, retries + OUTSIDE, cause);
  }

  /** A worker whose end nobody saw. */
  static Death unwitnessed(Site site) {
    return new Death(site, OUTSIDE, "");
  }

  /**
   * Counts it.
   *
   * @return whether the run is to be tried again; if not, it has been stored as failed
   */
  public boolean survives(PlannedRun run) throws IOException {
    RunFolder folder = site.results().run(run.id());
    folder.died(folder.progress().map(Death::step).orElse(0L));
    if (folder.deaths() <= forgiven) {
      return true;
    }
    String reason =
        "its worker process died " + folder.deaths() + " times without coming further" + cause;
    Failure.store(run, site, folder.deaths(), reason, reason);
    return false;
  }

  private static long step(Safetensors checkpoint) {
    String step = checkpoint.metadata().getOrDefault("step", "");
    return step.matches("\\d{1,18}") ? Long.parseLong(step) : 0;
  }
}
