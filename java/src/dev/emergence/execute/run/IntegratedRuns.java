package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.Damaged;
import dev.emergence.result.RunFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.ExecutionSpec;

/** Runs of the toy model that are integrated on the expected loss. */
final class IntegratedRuns implements Way {
  @Override
  public double target(PlannedRun planned, Curve curve) {
    return ToyRunner.end(planned, curve);
  }

  @Override
  public boolean isAsAsked(
      PlannedRun planned, StoredRun stored, RunFolder folder, ExecutionSpec spec) throws Damaged {
    return ToyRunner.isAsAsked(planned, stored, folder);
  }

  @Override
  public Runner runner(Bench bench) {
    return new ToyRunner(where(bench));
  }

  @Override
  public Site where(Bench bench) {
    return bench.site().withDevice("theory (float64)");
  }
}
