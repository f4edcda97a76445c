package dev.emergence.task;

import dev.emergence.spec.InContextClassification;
import dev.emergence.task.InContextClassificationSequences.Context;
import dev.emergence.tensor.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What knowledge and guessing score in {@link InContextClassification}. */
final class ClassificationLevels {
  private static final int EXAMPLES = 4096;

  private ClassificationLevels() {}

  /**
   * Levels of sequences of one kind: oracle first.
   *
   * @param trained whether labels are those of training, so that some may be more frequent
   */
  static List<Level> of(
      InContextClassification spec, InContextClassificationSequences task, boolean trained) {
    List<Level> levels = new ArrayList<>();
    String best = "knows the class of each item, and its label";
    levels.add(new Level("oracle", "loss", 0, best));
    levels.add(new Level("oracle", "accuracy", 1, best));
    levels.add(new Level("blind", "loss", Math.log(spec.labels()), "all labels equally likely"));
    levels.add(new Level("blind", "accuracy", 1.0 / spec.labels(), "any label"));
    if (trained) {
      levels.addAll(unigram(spec, task.known()));
    }
    levels.addAll(inContext(spec, task));
    return List.copyOf(levels);
  }

  /** Of who knows how often each label is right; as blind where all are right equally often. */
  private static List<Level> unigram(InContextClassification spec, LabelledClasses known) {
    double[] share = new double[spec.labels()];
    for (int k = 0; k < spec.classes(); k++) {
      share[known.label(k)] += known.probability(k);
    }
    double entropy = -Arrays.stream(share).map(p -> p * Math.log(p)).sum();
    double most = Arrays.stream(share).max().orElseThrow();
    return List.of(
        new Level("unigram", "loss", entropy, "how often each label occurs"),
        new Level("unigram", "accuracy", most, "the label that occurs most often"));
  }

  /** Estimated on sequences that no run draws. */
  private static List<Level> inContext(
      InContextClassification spec, InContextClassificationSequences task) {
    RandomStream stream = LevelEstimates.stream();
    double loss = 0;
    double share = 0;
    double most = 0;
    for (int n = 0; n < EXAMPLES; n++) {
      Context context = task.context(stream, 0, n);
      int[] counts = new int[spec.labels()];
      for (int c : context.of()) {
        counts[context.labels()[c]]++;
      }
      int right = counts[context.target()];
      int largest = Arrays.stream(counts).max().orElseThrow();
      long tied = Arrays.stream(counts).filter(count -> count == largest).count();
      loss += Math.log((double) spec.pairs() / right) / EXAMPLES;
      share += (double) right / spec.pairs() / EXAMPLES;
      most += (right == largest ? 1.0 / tied : 0) / EXAMPLES;
    }
    List<Level> levels = new ArrayList<>();
    if (Double.isFinite(loss)) {
      String likely = "each label as likely as it is frequent in the context (estimated)";
      levels.add(new Level("in_context", "loss", loss, likely));
    }
    String any = "the label of a pair chosen at random (estimated)";
    levels.add(new Level("in_context", "accuracy", share, any));
    String named = "the most frequent label of the context (estimated)";
    levels.add(new Level("most_frequent", "accuracy", most, named));
    return levels;
  }
}
