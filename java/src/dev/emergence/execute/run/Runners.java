package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;

/** The ways in which results come about: one line each. A method without one does not compile. */
final class Runners {
  private Runners() {}

  /** How the result of a run comes about. */
  static Way of(PlannedRun planned) {
    return switch (planned.run().config().architecture().method()) {
      case TRAINED -> new TrainedRuns();
      case INTEGRATED -> new IntegratedRuns();
    };
  }
}
