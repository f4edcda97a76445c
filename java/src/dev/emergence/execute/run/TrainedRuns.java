package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.Damaged;
import dev.emergence.result.Outcome;
import dev.emergence.result.RunFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.ExecutionSpec;

/** Runs that are trained on a device, in steps. */
final class TrainedRuns implements Way {
  @Override
  public double target(PlannedRun planned, Curve curve) {
    return new StopPolicy(planned.demands(), evaluateEvery(planned)).target(curve);
  }

  private static int evaluateEvery(PlannedRun planned) {
    return planned.run().config().measurement().evaluateEvery();
  }

  @Override
  public boolean isAsAsked(
      PlannedRun planned, StoredRun stored, RunFolder folder, ExecutionSpec spec) throws Damaged {
    Curve curve = stored.curve();
    long last = (long) stored.outcome().lastStep();
    boolean kept =
        spec.keep() != ExecutionSpec.Keep.ALL
            || stored.outcome().state() != Outcome.State.COMPLETE
            || folder.hasCheckpoint();
    boolean ended = stored.outcome().state() == Outcome.State.COMPLETE;
    if (!new WeightsPolicy(planned).complete(last, curve, ended, folder.weights())) {
      return false;
    }
    boolean pictured =
        planned.demands().stream().anyMatch(d -> !d.picturesAt().isEmpty() || d.film().isPresent());
    if (!pictured) {
      return kept && last >= target(planned, curve);
    }
    return kept
        && last >= target(planned, curve)
        && new PicturePolicy(planned.demands()).complete(last, curve, folder.pictures())
        && !new FilmPolicy(planned.demands(), evaluateEvery(planned))
            .missed(last, folder.pictures());
  }

  @Override
  public Runner runner(Bench bench) {
    return bench.worker();
  }

  @Override
  public Site where(Bench bench) {
    return bench.described();
  }
}
