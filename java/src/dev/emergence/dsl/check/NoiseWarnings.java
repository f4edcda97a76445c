package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.spec.Condition;
import dev.emergence.spec.Loss;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.RunConfig;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hipparchus.distribution.discrete.BinomialDistribution;

/**
 * W202: a level above what guessing reaches on average, but within its noise. The accuracy on few
 * targets varies, so that one of many evaluations passes the level before anything is learned.
 */
final class NoiseWarnings {
  private static final String ACCURACY = ".accuracy";

  /** So many evaluations that pass by chance, on average over runs, are worth a word. */
  private static final double MANY = 0.05;

  private static final MathContext DIGITS = new MathContext(2);

  private final Diagnostics out;
  private final Node.Mapping tree;

  /** Of targets, classes and right ones: how likely a guess is right more often. */
  private final Map<List<Integer>, Double> known = new HashMap<>();

  /** Thresholds of which is said already that guessing reaches them. */
  private final Set<String> guessed;

  NoiseWarnings(Diagnostics out, Node.Mapping tree, Set<String> guessed) {
    this.out = out;
    this.tree = tree;
    this.guessed = guessed;
  }

  /** What a run that only guesses passes by chance: at so many of its evaluations, on average. */
  private record Chance(
      Threshold threshold, double passing, long evaluations, int classes, long targets) {
    String message(String name) {
      return "threshold "
          + name
          + " ("
          + threshold.metric()
          + " above "
          + Texts.number(threshold.above().orElseThrow())
          + ") is passed by chance: on average at "
          + rounded(passing)
          + " of "
          + evaluations
          + " evaluations of a run that only guesses";
    }

    Chance likelier(Chance other) {
      return other.passing > passing ? other : this;
    }

    String hint() {
      double share = 1.0 / classes;
      return "of "
          + targets
          + " targets a guess names "
          + rounded(100 * share)
          + " % ± "
          + rounded(100 * Math.sqrt(share * (1 - share) / targets))
          + " %: use hold: 3, more evaluate_samples or a higher level";
    }

    private static String rounded(double value) {
      return Texts.number(new BigDecimal(value).round(DIGITS).doubleValue());
    }
  }

  void all(List<Condition> conditions) {
    Map<String, Chance> most = new LinkedHashMap<>();
    for (Condition c : conditions) {
      c.config()
          .measurement()
          .thresholds()
          .forEach(
              (name, threshold) -> {
                if (isOfGuesses(threshold, c.config())) {
                  most.merge(name, chance(threshold, c.config()), Chance::likelier);
                }
              });
    }
    most.forEach(
        (name, chance) -> {
          if (chance.passing() >= MANY && !guessed.contains(name)) {
            out.report(
                Trees.nearest(tree, "measurement.thresholds." + name, tree.place()),
                Code.W202,
                chance.message(name),
                chance.hint());
          }
        });
  }

  /** Whether it is a level above that of a guess, on all targets of a test set without prompts. */
  private static boolean isOfGuesses(Threshold threshold, RunConfig config) {
    String metric = threshold.metric();
    Prediction predicts = config.task().predicts();
    boolean plain =
        threshold.hold() == 1
            && threshold.smooth() == 1
            && threshold.from().isEmpty()
            && threshold.relativeTo() == Relative.ABSOLUTE;
    return plain
        && predicts.loss() == Loss.CROSS_ENTROPY
        && metric.endsWith(ACCURACY)
        && threshold.above().filter(level -> level >= 1.0 / predicts.outputs()).isPresent()
        && scoresAll(
            config.measurement(), metric.substring(0, metric.length() - ACCURACY.length()));
  }

  private static boolean scoresAll(MeasurementSpec measurement, String testSet) {
    MeasurementSpec.TestSet set = measurement.testSets().get(testSet);
    return set != null && set.prompts().isEmpty() && set.scoresAll();
  }

  private Chance chance(Threshold threshold, RunConfig config) {
    Prediction predicts = config.task().predicts();
    long targets = (long) config.measurement().evaluateSamples() * predicts.scored().count();
    long evaluations = config.training().maxSteps() / config.measurement().evaluateEvery();
    int all = (int) Math.min(Integer.MAX_VALUE, targets);
    int level = (int) Math.floor(threshold.above().orElseThrow() * all);
    double passes =
        known.computeIfAbsent(
            List.of(all, predicts.outputs(), level),
            any ->
                1
                    - new BinomialDistribution(all, 1.0 / predicts.outputs())
                        .cumulativeProbability(level));
    return new Chance(threshold, passes * evaluations, evaluations, predicts.outputs(), targets);
  }
}
