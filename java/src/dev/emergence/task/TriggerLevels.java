package dev.emergence.task;

import dev.emergence.spec.TriggerBigrams;
import dev.emergence.task.TriggerBigramsSequences.Text;
import dev.emergence.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What strategies score in {@link TriggerBigrams}: means over sequences that no run draws, each by
 * the true probabilities of what comes.
 *
 * <p>The oracle is told which tokens are triggers, so that no model can do better. It does not know
 * an output before it was there once. What {@code bigram} knows of a token is a mixture of the law
 * of its outputs and that of the run, by how often it is a trigger where it stands. A model without
 * attention comes about as far: outputs that lead back to their trigger stand behind it a little
 * more often than by their law.
 */
final class TriggerLevels {
  private static final int MOST_EXAMPLES = 8192;
  private static final int LEAST_EXAMPLES = 64;
  private static final int TOKENS = 1 << 17;
  private static final int LAWS = 1 << 24;

  private static final String ORACLE =
      "told which tokens are triggers, finds outputs in the context";

  private final int vocabulary;
  private final TriggerBigramsSequences task;
  private final List<Text> examples = new ArrayList<>();
  private final double[][] bigrams;
  private final double[] unigram;

  private TriggerLevels(TriggerBigrams spec, TriggerBigramsSequences task) {
    this.vocabulary = spec.vocabulary();
    this.task = task;
    RandomStream stream = LevelEstimates.stream();
    int most = Math.min(TOKENS / spec.sequenceLength(), LAWS / (spec.triggers() * vocabulary));
    int count = Math.min(MOST_EXAMPLES, Math.max(LEAST_EXAMPLES, most));
    for (int n = 0; n < count; n++) {
      examples.add(task.text(stream, 0, n));
    }
    this.bigrams = bigrams();
    this.unigram = unigram();
  }

  /** Levels of the sequences of a task, or of one of its sets of prompts: oracle first. */
  static List<Level> of(TriggerBigrams spec, TriggerBigramsSequences task) {
    return new TriggerLevels(spec, task).levels();
  }

  private double[] law(int token) {
    double[] all = new double[vocabulary];
    for (int next = 0; next < vocabulary; next++) {
      all[next] = task.law().probability(token, next);
    }
    return all;
  }

  /** What is likely after each token, whether it is a trigger or not. */
  private double[][] bigrams() {
    double[][] rows = new double[vocabulary][];
    long[] plain = new long[vocabulary];
    double[][] outputs = new double[vocabulary][vocabulary];
    for (Text text : examples) {
      for (int p = 0; p < text.x().length - 1; p++) {
        int token = text.x()[p];
        if (text.isTrigger(p)) {
          add(outputs[token], text.triggers().law(text.triggers().number(token)), 1);
        } else {
          plain[token]++;
        }
      }
    }
    for (int token = 0; token < vocabulary; token++) {
      rows[token] = outputs[token];
      add(rows[token], law(token), plain[token]);
    }
    return rows;
  }

  /** How often each token is asked for. */
  private double[] unigram() {
    double[] often = new double[vocabulary];
    for (int token = 0; token < vocabulary; token++) {
      add(often, bigrams[token], 1);
    }
    return often;
  }

  private static void add(double[] to, double[] what, double times) {
    for (int i = 0; i < to.length; i++) {
      to[i] += times * what[i];
    }
  }

  private List<Level> levels() {
    ExpectedScores oracle = new ExpectedScores();
    ExpectedScores bigram = new ExpectedScores();
    ExpectedScores often = new ExpectedScores();
    long[] plain = new long[vocabulary];
    for (Text text : examples) {
      for (int p = 0; p < text.x().length - 1; p++) {
        int token = text.x()[p];
        if (!task.asks(text, p)) {
          continue;
        }
        if (!text.isTrigger(p)) {
          plain[token]++;
          continue;
        }
        double[] truth = output(text, p);
        oracle.take(truth, truth);
        bigram.take(truth, bigrams[token]);
        often.take(truth, unigram);
      }
    }
    for (int token = 0; token < vocabulary; token++) {
      if (plain[token] == 0) {
        continue;
      }
      double[] truth = law(token);
      oracle.take(truth, truth, plain[token]);
      bigram.take(truth, bigrams[token], plain[token]);
      often.take(truth, unigram, plain[token]);
    }
    List<Level> levels = new ArrayList<>();
    if (oracle.isEmpty()) {
      // Of these prompts alone: no trigger came again in any example, though it may in training.
      levels.add(new Level("oracle", "loss", 0, ORACLE));
      levels.add(new Level("oracle", "accuracy", 1, ORACLE));
    } else {
      oracle.add(levels, "oracle", ORACLE + " (estimated)");
      bigram.add(levels, "bigram", "how often each token follows the one before (estimated)");
      often.add(levels, "unigram", "how often each token occurs (estimated)");
    }
    levels.add(new Level("blind", "loss", Math.log(vocabulary), "all tokens equally likely"));
    levels.add(new Level("blind", "accuracy", 1.0 / vocabulary, "any token"));
    return List.copyOf(levels);
  }

  /** The probability of what follows a trigger: certain if it did before. */
  private double[] output(Text text, int p) {
    int[] behind = text.behind(p);
    if (behind.length == 0) {
      return text.triggers().law(text.triggers().number(text.x()[p]));
    }
    double[] certain = new double[vocabulary];
    certain[text.x()[behind[0]]] = 1;
    return certain;
  }
}
