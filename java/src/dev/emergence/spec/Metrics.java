package dev.emergence.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The columns that a run's curve has, by the names that thresholds, claims and plots use. */
public final class Metrics {
  private static final Pattern HEAD =
      Pattern.compile("attention\\.([1-9][0-9]{0,3})\\.([1-9][0-9]{0,3})\\.([a-z_]+)");

  private Metrics() {}

  /** What is computed on each test set: the loss, and the accuracy where the target is a token. */
  public static List<String> ofTestSets(TaskSpec task) {
    return task.predicts().loss().metrics();
  }

  /** All columns but those of single heads, {@code attention.LAYER.HEAD.RECORD}. */
  public static List<String> of(
      TaskSpec task,
      RepetitionSpec repetition,
      ArchitectureSpec architecture,
      MeasurementSpec measurement) {
    List<String> names = new ArrayList<>();
    measurement
        .testSets()
        .keySet()
        .forEach(set -> ofTestSets(task).forEach(metric -> names.add(set + "." + metric)));
    ofTestSets(task).stream()
        .map(metric -> "train." + metric)
        .filter(name -> !names.contains(name))
        .forEach(names::add);
    names.addAll(architecture.readings());
    measurement.attention().record().forEach(record -> names.add("attention." + Keys.word(record)));
    if (!repetition.changes().isEmpty()) {
      names.add("in_context");
      names.add("cross_sample");
    }
    return names;
  }

  /** All columns but those of single heads. */
  public static List<String> of(RunConfig config) {
    return of(config.task(), config.repetition(), config.architecture(), config.measurement());
  }

  /** Whether a run of this configuration has the column, single heads included. */
  public static boolean has(RunConfig config, String column) {
    return of(config).contains(column)
        || isHead(config.architecture(), config.measurement(), column);
  }

  static boolean isHead(ArchitectureSpec architecture, MeasurementSpec measurement, String column) {
    Matcher m = HEAD.matcher(column);
    return m.matches()
        && Integer.parseInt(m.group(1)) <= architecture.stack().map(Stack::layers).orElse(0)
        && Integer.parseInt(m.group(2)) <= architecture.heads()
        && measurement.attention().record().stream().anyMatch(r -> Keys.word(r).equals(m.group(3)));
  }
}
