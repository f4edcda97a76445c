package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.Damaged;
import dev.emergence.result.RunFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.ExecutionSpec;

/** A way in which results come about; {@link Runners} has one for each method. */
interface Way {
  /** Where a run ends by what has been measured of it, in steps or time. */
  double target(PlannedRun planned, Curve curve);

  /**
   * Whether a run that has ended is stored with all that is asked of it.
   *
   * @throws Damaged when a part of it cannot be read
   */
  boolean isAsAsked(PlannedRun planned, StoredRun stored, RunFolder folder, ExecutionSpec spec)
      throws Damaged;

  /**
   * What computes such runs at a worker's place.
   *
   * @throws dev.emergence.execute.device.Unavailable when it needs a device that cannot be had
   */
  Runner runner(Bench bench);

  /** The place with what computes such runs there, as far as it is known. */
  Site where(Bench bench);
}
