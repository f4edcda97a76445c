package dev.emergence.task;

import dev.emergence.spec.CellularAutomaton;
import dev.emergence.spec.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the best predictors of automata score: one that knows the pool of rules and infers which it
 * sees, one that knows nothing but that there is a rule, and one that counts colours. Each gives
 * its loss in nats on every token of a trajectory.
 */
final class AutomatonOracles {
  private static final int MOST_EXAMPLES = 2048;
  private static final int LEAST_EXAMPLES = 8;
  private static final int TOKENS = 1 << 16;

  private final CellularAutomaton spec;
  private final AutomatonSequences task;
  private final int cells;

  AutomatonOracles(CellularAutomaton spec, AutomatonSequences task) {
    this.spec = spec;
    this.task = task;
    this.cells = spec.cells();
  }

  /** Loss and hits of each token of a trajectory; token 0 is never predicted. */
  record Scores(double[] loss, double[] hit) {
    Scores(int length) {
      this(new double[length], new double[length]);
    }
  }

  private interface Predictor {
    Scores score(int[] x);
  }

  /** Levels by name, estimated on some trajectories of the run's rules; the oracle first. */
  List<Level> levels() {
    int[][] examples =
        task.examples(Math.max(LEAST_EXAMPLES, Math.min(MOST_EXAMPLES, TOKENS / spec.length())));
    List<Level> levels = new ArrayList<>();
    String pool = "infers by Bayes' rule which of the run's rules it sees (estimated)";
    String fresh = "remembers what followed each neighbourhood of the sequence (estimated)";
    String told = "is told the rule of each sequence; only the first state is unknown";
    boolean single = spec.applications() == 1;
    if (!task.pool().isEmpty()) {
      add(levels, "oracle", pool, this::pool, examples);
    } else if (single) {
      add(levels, "oracle", fresh, this::fresh, examples);
    } else {
      add(levels, "oracle", told, this::told, examples);
    }
    if (!task.pool().isEmpty() && single) {
      add(levels, "fresh_bayes", fresh, this::fresh, examples);
    }
    add(levels, "unigram", "counts the colours so far (estimated)", this::unigram, examples);
    return levels;
  }

  private void add(
      List<Level> levels, String name, String doc, Predictor predictor, int[][] examples) {
    Span scored = spec.predicts().scored();
    double loss = 0;
    double hit = 0;
    for (int[] x : examples) {
      Scores scores = predictor.score(x);
      loss += Arrays.stream(scores.loss(), scored.first() + 1, scored.end() + 1).sum();
      hit += Arrays.stream(scores.hit(), scored.first() + 1, scored.end() + 1).sum();
    }
    double count = (double) examples.length * scored.count();
    levels.add(new Level(name, "loss", loss / count, doc));
    levels.add(new Level(name, "accuracy", hit / count, doc));
  }

  private Scores start(int[] x) {
    Scores scores = new Scores(x.length);
    Arrays.fill(scores.loss(), 0, cells, Math.log(spec.colours()));
    Arrays.fill(scores.hit(), 0, cells, 1.0 / spec.colours());
    return scores;
  }

  /** Knows the rule of the sequence. */
  Scores told(int[] x) {
    Scores scores = start(x);
    Arrays.fill(scores.hit(), cells, x.length, 1);
    return scores;
  }

  /**
   * Knows the pool: the probability of a token is the share of the rules consistent with all before
   * it that give it. Any number of applications.
   */
  Scores pool(int[] x) {
    Scores scores = start(x);
    List<AutomatonRule> left = new ArrayList<>(task.pool());
    for (int at = cells; at < x.length; at += cells) {
      int[] before = Arrays.copyOfRange(x, at - cells, at);
      List<int[]> next = new ArrayList<>();
      left.forEach(rule -> next.add(rule.next(before, spec.applications(), spec.boundary())));
      for (int i = 0; i < cells; i++) {
        int[] votes = new int[spec.colours()];
        int cell = i;
        next.forEach(state -> votes[state[cell]]++);
        int truth = x[at + i];
        scores.loss()[at + i] = Math.log((double) next.size() / votes[truth]);
        scores.hit()[at + i] = share(votes, truth);
        for (int r = left.size() - 1; r >= 0; r--) {
          if (next.get(r)[i] != truth) {
            left.remove(r);
            next.remove(r);
          }
        }
      }
    }
    return scores;
  }

  /** Chance that one of the colours with most votes is this one. */
  private static double share(int[] votes, int colour) {
    int most = Arrays.stream(votes).max().orElseThrow();
    long tied = Arrays.stream(votes).filter(v -> v == most).count();
    return votes[colour] == most ? 1.0 / tied : 0;
  }

  /** Knows that there is a uniform rule: of a neighbourhood seen before it knows what follows. */
  Scores fresh(int[] x) {
    if (spec.applications() != 1) {
      throw new IllegalStateException("neighbourhoods are those of one application");
    }
    Scores scores = start(x);
    int entries = AutomatonRule.entries(spec.colours(), spec.ruleWidth());
    AutomatonRule shape = new AutomatonRule(spec.colours(), spec.ruleWidth(), new byte[entries]);
    boolean[] seen = new boolean[entries];
    for (int at = cells; at < x.length; at += cells) {
      for (int i = 0; i < cells; i++) {
        int index = shape.index(x, at - cells, cells, i, spec.boundary());
        scores.loss()[at + i] = seen[index] ? 0 : Math.log(spec.colours());
        scores.hit()[at + i] = seen[index] ? 1 : 1.0 / spec.colours();
        seen[index] = true;
      }
    }
    return scores;
  }

  /** Predicts each colour as often as it was seen so far, plus one. */
  Scores unigram(int[] x) {
    Scores scores = new Scores(x.length);
    int[] counts = new int[spec.colours()];
    for (int p = 0; p < x.length; p++) {
      scores.loss()[p] = -Math.log((counts[x[p]] + 1.0) / (p + spec.colours()));
      scores.hit()[p] = share(counts, x[p]);
      counts[x[p]]++;
    }
    return scores;
  }
}
