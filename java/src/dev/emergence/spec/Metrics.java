package dev.emergence.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The columns that a run's curve has, by the names that thresholds, claims and plots use. */
public final class Metrics {
  /** What the toy model's dynamics records besides losses. */
  private static final List<String> TOY =
      List.of("w", "w_tilde", "alpha", "delta_a", "attention.relevant");

  /** What only the reduced dynamics can say. */
  private static final List<String> REDUCED =
      List.of(
          "w_inf",
          "w_tilde_inf",
          "gradient_w",
          "gradient_w_tilde",
          "gradient_delta_a",
          "hessian_min",
          "hessian_max");

  private static final Pattern HEAD =
      Pattern.compile("attention\\.([1-9][0-9]{0,3})\\.([1-9][0-9]{0,3})\\.([a-z_]+)");

  private Metrics() {}

  /** What is computed on each test set: the loss, and the accuracy where the target is a token. */
  public static List<String> ofTestSets(TaskSpec task) {
    return task instanceof TaskSpec.AssociativeRecall
        ? List.of("loss", "accuracy")
        : List.of("loss");
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
    if (architecture instanceof ArchitectureSpec.Toy toy) {
      names.addAll(TOY);
      names.addAll(toy.dynamics() == ArchitectureSpec.Dynamics.REDUCED ? REDUCED : List.of());
    } else {
      measurement
          .attention()
          .record()
          .forEach(record -> names.add("attention." + Keys.word(record)));
    }
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
