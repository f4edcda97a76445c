package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.Condition;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.MeasurementSpec.TestSet;
import dev.emergence.spec.MeasurementSpec.Threshold;

/** Whether there are rows of which it can be claimed that they emerge one at a time. */
final class LadderClaimChecks {
  private final References names;
  private final String path;
  private final ClaimSpec.Ladder claim;

  LadderClaimChecks(References names, String path, ClaimSpec.Ladder claim) {
    this.names = names;
    this.path = path;
    this.claim = claim;
  }

  void check(Iterable<Condition> data) {
    for (Condition condition : data) {
      MeasurementSpec measurement = condition.config().measurement();
      Threshold row = measurement.thresholds().get(claim.threshold() + ".0");
      boolean rows = row != null && row.metric().endsWith(".loss.row.0");
      if (!rows || measurement.thresholds().get(claim.threshold() + ".all") == null) {
        report(
            Code.E150,
            "there is no family of thresholds '" + claim.threshold() + "' on the losses of rows",
            "declare one: rows: {metric: test.loss.row.*, below: 0.35}");
      } else if (!scoresAll(measurement, row.metric())) {
        report(
            Code.E152,
            "the rungs of a ladder are equal, but the test set of "
                + row.metric()
                + " counts rows by how often they are scored",
            "use thresholds on a test set without row_zipf");
      }
    }
  }

  private static boolean scoresAll(MeasurementSpec measurement, String metric) {
    TestSet set = measurement.testSets().get(metric.substring(0, metric.indexOf('.')));
    return set == null || set.scoresAll();
  }

  private void report(Code code, String message, String hint) {
    names.out().report(names.place(path + ".threshold"), code, message, hint);
  }
}
