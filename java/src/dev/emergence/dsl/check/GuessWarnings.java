package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.spec.Condition;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.Derived;
import dev.emergence.spec.Guess;
import dev.emergence.spec.Loss;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** W202: a level that is reached by a guess is no sign of attention. */
final class GuessWarnings {
  /** Of a test set, or of a part of its targets. */
  private static final Pattern ACCURACY = Pattern.compile("\\.accuracy(\\.|$)");

  private static final Pattern LOSS = Pattern.compile("\\.loss(\\.|$)");

  /** Of prompts: who puts all on a guess gets its accuracy as the mean probability, too. */
  private static final String PROBABILITY = ".probability";

  private static final String LOGIT_DIFFERENCE = ".logit_difference";

  /** All targets of a sequence at once. */
  private static final String EXACT = ".exact";

  private final Diagnostics out;
  private final Node.Mapping tree;
  private final List<Condition> conditions;

  /**
   * What a guess reaches.
   *
   * @param value of the metric
   * @param how in words, with where the value comes from
   * @param below whether smaller values are better
   */
  private record Reached(double value, String how, boolean below) {
    static Reached accuracy(Guess guess) {
      String level = guess.formula() + " = " + Texts.number(guess.accuracy()) + " at " + guess.at();
      return new Reached(guess.accuracy(), guess.how() + " (" + level + ")", false);
    }

    /** The loss of who takes all classes for equally likely. */
    static Reached loss(int classes) {
      double loss = Math.log(classes);
      String level =
          "ln(classes) = " + Texts.number(Math.rint(loss * 1e4) / 1e4) + " at classes = " + classes;
      return new Reached(loss, "taking all classes for equally likely (" + level + ")", true);
    }

    /** The logit difference of who takes the right token and the wrong one for equally likely. */
    static Reached indifference() {
      return new Reached(0, "taking both tokens for equally likely (a difference of 0)", false);
    }

    boolean passes(Threshold threshold) {
      return below
          ? threshold.below().filter(level -> level > value).isPresent()
          : threshold.above().filter(level -> level <= value).isPresent();
    }

    /** Whether a threshold asks for more than this. */
    boolean isBehind(Threshold threshold) {
      return below
          ? threshold.below().filter(level -> level <= value).isPresent()
          : threshold.above().filter(level -> level > value).isPresent();
    }

    Reached better(Reached other) {
      return below == other.value < value ? other : this;
    }

    String hint() {
      if (below) {
        return "keep a lower threshold beside it";
      }
      return value < 1
          ? "keep a higher threshold beside it"
          : "no accuracy is higher: measure where guessing is not always right, as with fewer"
              + " copies";
    }
  }

  GuessWarnings(Diagnostics out, Node.Mapping tree, List<Condition> conditions) {
    this.out = out;
    this.tree = tree;
    this.conditions = conditions;
  }

  /** Warns, and gives the names of the thresholds that it warned of. */
  Set<String> all() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    Map<String, Reached> best = new LinkedHashMap<>();
    for (Condition c : conditions) {
      Map<String, Threshold> thresholds = c.config().measurement().thresholds();
      thresholds.forEach(
          (name, threshold) ->
              reached(threshold, c.config())
                  .filter(guess -> guess.passes(threshold))
                  .filter(guess -> isLast(threshold, guess, thresholds))
                  .ifPresent(
                      guess -> {
                        counts.merge(name, 1, Integer::sum);
                        best.merge(name, guess, Reached::better);
                      }));
    }
    AlikeThresholds warned = new AlikeThresholds(out, tree, Code.W202);
    counts.forEach(
        (name, count) -> {
          Reached guess = best.get(name);
          String where = " in " + count + " of " + conditions.size() + " conditions";
          warned.add(name, "is reached by " + guess.how() + where, guess.hint());
        });
    warned.report();
    return counts.keySet();
  }

  /** Whether no threshold on the same metric asks for more than the guess. */
  private static boolean isLast(Threshold of, Reached guess, Map<String, Threshold> all) {
    return all.values().stream()
        .noneMatch(other -> other.metric().equals(of.metric()) && guess.isBehind(other));
  }

  private static Optional<Reached> reached(Threshold threshold, RunConfig config) {
    // What is lost may well be a guess again, and a gain is no level.
    boolean gain =
        Derived.parse(threshold.metric()).filter(d -> d.how() == Derived.How.GAIN).isPresent();
    boolean counts = threshold.from().isEmpty() && !gain;
    if (threshold.relativeTo() != Relative.ABSOLUTE || !counts) {
      return Optional.empty();
    }
    if (LOSS.matcher(threshold.metric()).find()) {
      Prediction predicts = config.task().predicts();
      return predicts.loss() == Loss.CROSS_ENTROPY
          ? Optional.of(Reached.loss(predicts.outputs()))
          : Optional.empty();
    }
    if (threshold.metric().endsWith(LOGIT_DIFFERENCE)) {
      return Optional.of(Reached.indifference());
    }
    boolean whole = threshold.metric().endsWith(EXACT);
    boolean likely = threshold.metric().endsWith(PROBABILITY);
    return whole || likely || ACCURACY.matcher(threshold.metric()).find()
        ? guess(threshold, whole, config).map(Reached::accuracy)
        : Optional.empty();
  }

  /** What is guessed of the test set that a threshold is about. */
  private static Optional<Guess> guess(Threshold threshold, boolean whole, RunConfig config) {
    String name = threshold.metric().replaceFirst("\\..*", "");
    Optional<MeasurementSpec.TestSet> set =
        Optional.ofNullable(config.measurement().testSets().get(name));
    Optional<String> prompts = set.flatMap(MeasurementSpec.TestSet::prompts);
    if (prompts.isPresent() || whole) {
      return prompts.flatMap(of -> config.task().guess(of, whole));
    }
    int copies =
        set.flatMap(MeasurementSpec.TestSet::inContext).orElse(config.repetition().inContext());
    return asTested(config.task(), set).guess(copies);
  }

  /** The task with the placement of a test set, where that has its own. */
  private static TaskSpec asTested(TaskSpec task, Optional<MeasurementSpec.TestSet> set) {
    return set.flatMap(MeasurementSpec.TestSet::queryPlacement)
        .map(placed -> (TaskSpec) Defaults.change((Record) task, Map.of("query_placement", placed)))
        .orElse(task);
  }
}
