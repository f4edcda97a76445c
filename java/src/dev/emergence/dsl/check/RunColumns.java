package dev.emergence.dsl.check;

import dev.emergence.spec.Condition;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.RunConfig;
import java.util.List;

/** Columns of the table of runs: times of thresholds, and the last values of metrics. */
final class RunColumns {
  private RunColumns() {}

  /** Reports a column that some condition does not have. */
  static void check(References in, String path, String name, List<Condition> conditions) {
    boolean time = name.endsWith(".steps") || name.endsWith(".time");
    if (time) {
      in.threshold(path, name.substring(0, name.lastIndexOf('.')), conditions);
    } else if (!isThreshold(in, path, name, conditions)) {
      References.kinds(conditions).stream()
          .filter(config -> !Metrics.has(config, name))
          .findFirst()
          .ifPresent(config -> in.unmeasured(path, name, config, times(config)));
    }
  }

  private static List<String> times(RunConfig config) {
    return config.measurement().thresholds().keySet().stream().map(t -> t + ".steps").toList();
  }

  /** Reports a threshold whose time was meant. */
  private static boolean isThreshold(
      References in, String path, String name, List<Condition> conditions) {
    for (RunConfig config : References.kinds(conditions)) {
      for (String threshold : config.measurement().thresholds().keySet()) {
        boolean meant = name.equals(threshold) || name.startsWith(threshold + ".");
        if (meant && !Metrics.has(config, name)) {
          in.unmeasured(path, name, "the time of the threshold is " + threshold + ".steps");
          return true;
        }
      }
    }
    return false;
  }
}
