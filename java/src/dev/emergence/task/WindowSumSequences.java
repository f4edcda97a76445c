package dev.emergence.task;

import dev.emergence.spec.WindowSum;
import dev.emergence.spec.WindowSum.Scored;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Data of {@link WindowSum}: number j, from 0, is 1 + bounded(j, p - 1) of lane 0. */
final class WindowSumSequences implements SequenceTask {
  private final WindowSum spec;

  WindowSumSequences(WindowSum spec) {
    this.spec = spec;
  }

  @Override
  public void draw(RandomStream stream, int step, int n, SequenceOut out) {
    RandomLane lane = stream.lane(0, step, n);
    int numbers = spec.numbers();
    int[] x = new int[spec.length()];
    int sum = 0;
    for (int j = 0; j < numbers; j++) {
      x[j] = 1 + lane.bounded(j, spec.modulus() - 1);
      sum += x[j] - (j < spec.window() ? 0 : x[j - spec.window()]);
      x[numbers + 1 + j] = sum % spec.modulus();
    }
    x[numbers] = spec.separator();
    for (int p = 0; p < x.length; p++) {
      out.token(p, x[p]);
    }
    out.predictNext(x);
  }

  /** The numbers of its window, for each output. */
  @Override
  public List<Attends> attends() {
    int[] queries = IntStream.range(spec.numbers(), spec.length() - 1).toArray();
    int[][] keys = new int[queries.length][];
    for (int output = 0; output < keys.length; output++) {
      keys[output] = IntStream.rangeClosed(output + 1 - spec.terms(output), output).toArray();
    }
    return List.of(new Attends("parents", queries, keys));
  }

  @Override
  public List<Level> levels(String testSet) {
    double number = Math.log(spec.modulus() - 1);
    int unpredictable = spec.scored() == Scored.ALL ? spec.numbers() - 1 : 0;
    int separators = spec.scored() == Scored.ALL ? 1 : 0;
    double hits = (double) unpredictable / (spec.modulus() - 1) + separators;
    List<Level> levels = new ArrayList<>();
    add(
        levels,
        "oracle",
        unpredictable * number,
        hits + spec.numbers(),
        "every sum follows from its window; the numbers cannot be predicted");
    int classes = spec.predicts().outputs();
    levels.add(new Level("blind", "loss", Math.log(classes), "all classes equally likely"));
    levels.add(new Level("blind", "accuracy", 1.0 / classes, "any class"));
    unigram(levels, unpredictable, separators);
    for (int rows = 1; rows < spec.numbers(); rows++) {
      String doc =
          rows + " of " + spec.numbers() + " sums known, the first ones; the others by their laws";
      IntStream guessed = IntStream.range(rows, spec.numbers());
      double loss = guessed.mapToDouble(row -> law(row).entropy()).sum();
      IntStream named = IntStream.range(rows, spec.numbers());
      double right = named.mapToDouble(row -> law(row).likeliest()).sum();
      add(levels, "rows_" + rows, unpredictable * number + loss, hits + rows + right, doc);
    }
    return List.copyOf(levels);
  }

  /** Adds means over the scored tokens, of sums over them. */
  private void add(List<Level> levels, String name, double loss, double hits, String doc) {
    int scored = spec.predicts().scored().count();
    levels.add(new Level(name, "loss", loss / scored, doc));
    levels.add(new Level(name, "accuracy", hits / scored, doc));
  }

  private void unigram(List<Level> levels, int unpredictable, int separators) {
    double scored = spec.predicts().scored().count();
    double zero = 0;
    double other = (double) unpredictable / (spec.modulus() - 1);
    for (int row = 0; row < spec.numbers(); row++) {
      zero += law(row).zero();
      other += law(row).other();
    }
    Law law = new Law(spec.modulus(), zero / scored, other / scored);
    double separator = separators / scored;
    String doc = "knows how often each class occurs";
    add(
        levels,
        "unigram",
        scored * (law.entropy() + information(separator)),
        scored * Math.max(law.likeliest(), separator),
        doc);
  }

  private Law law(int row) {
    return Law.of(spec.modulus(), spec.terms(row));
  }

  /**
   * How likely a sum modulo p is 0, and how likely it is any other given number.
   *
   * @param modulus p
   */
  private record Law(int modulus, double zero, double other) {

    /**
     * The law of a sum of numbers from 1 to p - 1. Of (p - 1)^m rows of such numbers ((p - 1)^m +
     * (-1)^m (p - 1)) / p have the sum 0, and equally many of the others each other sum.
     *
     * @param terms m
     */
    static Law of(int modulus, int terms) {
      double bias = Math.pow(-1.0 / (modulus - 1), terms);
      return new Law(modulus, (1 + (modulus - 1) * bias) / modulus, (1 - bias) / modulus);
    }

    double entropy() {
      return information(zero) + (modulus - 1) * information(other);
    }

    double likeliest() {
      return Math.max(zero, other);
    }
  }

  private static double information(double probability) {
    return probability > 0 ? -probability * Math.log(probability) : 0;
  }
}
