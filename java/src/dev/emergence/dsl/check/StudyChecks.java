package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.spec.Condition;
import dev.emergence.spec.Keys;
import dev.emergence.spec.Measure;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.Parts;
import dev.emergence.spec.Problem;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.StudySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether a study can be made from what the runs will leave. */
final class StudyChecks {
  private final References names;
  private final String path;

  private StudyChecks(References names, String name) {
    this.names = names;
    this.path = "studies." + name;
  }

  /** Checks one study. */
  static void check(References names, String name, StudySpec study) {
    new StudyChecks(names, name).check(study);
  }

  private void check(StudySpec study) {
    for (Problem problem : study.problems()) {
      report(problem.path(), problem.message(), problem.hint());
    }
    List<Condition> data =
        names.where(path + ".where", study.where(), names.conditions(path + ".data", study.data()));
    for (RunConfig config : References.kinds(data)) {
      if (!metric(study, config) || !heads(study, config) || !moments(study, config)) {
        return;
      }
    }
    study.moments().forEach((key, moments) -> moments.forEach(m -> reached(key, m, data)));
  }

  /** Whether any run goes on up to a step. */
  private void reached(String key, String moment, List<Condition> data) {
    long end = data.stream().mapToLong(c -> c.config().training().maxSteps()).max().orElse(0);
    if (isStep(moment) && Long.parseLong(moment) > end && !data.isEmpty()) {
      report(
          key,
          key + " names step " + moment + ", but the training ends at step " + end,
          "name an earlier step, or last");
    }
  }

  private static boolean isStep(String moment) {
    return moment.matches("\\d{1,18}");
  }

  private boolean metric(StudySpec study, RunConfig config) {
    List<String> known = new ArrayList<>();
    Parts parts = Parts.of(config);
    for (String set : config.measurement().testSets().keySet()) {
      Measure.all().forEach(measure -> known.addAll(Metrics.columns(measure, parts, set)));
      known.removeIf(column -> column.startsWith("attention."));
    }
    names.word(path + ".metric", study.metric(), known, "column of a test set");
    return known.contains(study.metric());
  }

  private boolean heads(StudySpec study, RunConfig config) {
    boolean fine = !study.changesHeads() || config.architecture().heads() > 0;
    if (!fine) {
      report("", Keys.kindOf((Record) config.architecture()) + " has no heads to change", "");
    }
    return fine;
  }

  private boolean moments(StudySpec study, RunConfig config) {
    MeasurementSpec measurement = config.measurement();
    if (!measurement.checkpointsAt().any()) {
      report("", "no parameters are stored", store(study.moments().values()));
      return false;
    }
    for (Map.Entry<String, List<String>> key : study.moments().entrySet()) {
      for (String moment : key.getValue()) {
        if (!moment(key.getKey(), moment, measurement)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean moment(String key, String moment, MeasurementSpec measurement) {
    MeasurementSpec.Checkpoints stored = measurement.checkpointsAt();
    boolean step = isStep(moment);
    boolean known = step || moment.equals("last") || measurement.thresholds().containsKey(moment);
    String threshold = moment.replaceFirst("^(before|after)_", "");
    if (!known && measurement.thresholds().containsKey(threshold)) {
      return true; // Whatever is stored, something may lie on that side.
    }
    if (!known) {
      report(
          key,
          "there is no moment '" + Texts.shorten(moment) + "'",
          "a step, last, "
              + (measurement.thresholds().isEmpty()
                  ? "or the name of a threshold; there are none"
                  : "NAME, before_NAME or after_NAME of a threshold: "
                      + String.join(" ", measurement.thresholds().keySet())));
      return false;
    }
    long spacing = step ? Long.parseLong(moment) : measurement.evaluateEvery();
    boolean spaced = stored.every() > 0 && !moment.equals("last") && spacing % stored.every() == 0;
    if (!spaced && !stored.at().contains(moment)) {
      report(
          key,
          "no parameters are stored at '" + Texts.shorten(moment) + "'",
          store(List.of(List.of(moment))));
      return false;
    }
    return true;
  }

  private static String store(Iterable<List<String>> moments) {
    List<String> at = new ArrayList<>();
    moments.forEach(at::addAll);
    boolean given = at.stream().noneMatch(m -> m.startsWith("before_") || m.startsWith("after_"));
    return "write measurement: {checkpoints_at: "
        + (given && !at.isEmpty() ? "[" + String.join(", ", at) + "]" : "{every: 100}")
        + "}";
  }

  private void report(String key, String message, String hint) {
    names
        .out()
        .report(
            key.isEmpty() ? names.key(path) : names.place(path + "." + key),
            Code.E140,
            message,
            hint);
  }
}
