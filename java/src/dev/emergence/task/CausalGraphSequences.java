package dev.emergence.task;

import dev.emergence.spec.CausalGraph;
import dev.emergence.spec.CausalGraph.Graph;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Data of {@link CausalGraph}. In a random graph the parent of position p is bounded(p, p) of lane
 * 0 of the task's stream. Roots and the query are bounded(p, K) of lane 0. Other symbols, and the
 * target in place of the symbol behind the last, are {@link RandomChoice} by uniform(p) of lane 0
 * from what a {@link PolyaUrn} says of the parent's symbol.
 */
final class CausalGraphSequences implements SequenceTask {
  private static final int SYMBOLS = 0;
  private static final int PARENTS = 0;
  private static final int PREVIOUS = 1;
  private static final int MOST_EXAMPLES = 8192;
  private static final int LEAST_EXAMPLES = 64;
  private static final int MIXES = 20;
  private static final long WORK = 1 << 24;

  private final CausalGraph spec;

  /** Of the positions from the first behind the roots to the last before the query. */
  private final int[] parents;

  private CausalGraphSequences(CausalGraph spec, int[] parents) {
    this.spec = spec;
    this.parents = parents;
  }

  static CausalGraphSequences of(CausalGraph spec, RandomStream task) {
    int roots = spec.roots();
    RandomLane lane = task.lane(0, 0, 0);
    int[] parents = new int[spec.children()];
    Arrays.setAll(
        parents, i -> spec.graph() == Graph.CHAIN ? i : lane.bounded(roots + i, roots + i));
    return new CausalGraphSequences(spec, parents);
  }

  /** The parent of a position behind the roots and before the query. */
  private int parent(int p) {
    return parents[p - spec.roots()];
  }

  private IntStream children() {
    return IntStream.range(spec.roots(), spec.sequenceLength() - 1);
  }

  @Override
  public void draw(RandomStream stream, int step, int n, SequenceOut out) {
    RandomLane lane = stream.lane(SYMBOLS, step, n);
    PolyaUrn urn = urn();
    int[] x = context(lane, urn);
    int query = x.length - 1;
    x[query] = lane.bounded(query, spec.symbols());
    for (int p = 0; p < x.length; p++) {
      out.token(p, x[p]);
    }
    out.target(0, follower(urn, x[query], lane.uniform(x.length)));
    out.attends(PARENTS, 0, query, children().filter(p -> x[parent(p)] == x[query]).toArray());
    children().forEach(p -> out.attends(PREVIOUS, p - spec.roots(), p, parent(p)));
  }

  private PolyaUrn urn() {
    return new PolyaUrn(spec.symbols(), spec.symbols(), spec.concentration());
  }

  /** Symbols without the query, whose place is 0. The urn then knows what followed what. */
  private int[] context(RandomLane lane, PolyaUrn urn) {
    int[] x = new int[spec.sequenceLength()];
    for (int p = 0; p < spec.roots(); p++) {
      x[p] = lane.bounded(p, spec.symbols());
    }
    children()
        .forEach(
            p -> {
              x[p] = follower(urn, x[parent(p)], lane.uniform(p));
              urn.add(x[parent(p)], x[p]);
            });
    return x;
  }

  private int follower(PolyaUrn urn, int symbol, double u) {
    double[] probabilities = new double[spec.symbols()];
    urn.predict(symbol, probabilities);
    return RandomChoice.of(probabilities, u);
  }

  /** The positions whose parent has the query's symbol, and the first step of finding them. */
  @Override
  public List<Attending> attending() {
    return List.of(
        new Attending("parents", 1, spec.children()),
        new Attending("previous", spec.children(), 1));
  }

  @Override
  public List<Level> levels(String testSet) {
    RandomStream stream = LevelEstimates.stream();
    ExpectedScores oracle = new ExpectedScores();
    List<ExpectedScores> counting = Stream.generate(ExpectedScores::new).limit(MIXES).toList();
    for (int n = 0; n < examples(); n++) {
      PolyaUrn urn = urn();
      score(context(stream.lane(SYMBOLS, 0, n), urn), urn, oracle, counting);
    }
    List<Level> levels = new ArrayList<>();
    oracle.add(
        levels,
        "oracle",
        "knows the parents and counts what followed the query's symbol, as Bayes does (estimated)");
    counting.stream()
        .min(Comparator.comparingDouble(ExpectedScores::loss))
        .orElseThrow()
        .add(levels, "in_context", "counts the symbols before the query (estimated)");
    levels.add(new Level("blind", "loss", Math.log(spec.symbols()), "all symbols equally likely"));
    levels.add(new Level("blind", "accuracy", 1.0 / spec.symbols(), "any symbol"));
    return List.copyOf(levels);
  }

  private long examples() {
    long each = (long) spec.symbols() * (spec.sequenceLength() + MIXES * spec.symbols());
    return Math.min(MOST_EXAMPLES, Math.max(LEAST_EXAMPLES, WORK / each));
  }

  /**
   * What is to be expected after each query of one context. Frequencies alone are too sure of
   * themselves, since any symbol may be the query, also a rare one: they are mixed with equal
   * probabilities, from nothing but these on.
   */
  private void score(int[] x, PolyaUrn urn, ExpectedScores oracle, List<ExpectedScores> counting) {
    int symbols = spec.symbols();
    double[][] guesses = new double[MIXES][symbols];
    for (int mix = 0; mix < MIXES; mix++) {
      double each = (double) mix / MIXES / (x.length - 1);
      Arrays.fill(guesses[mix], (1 - (double) mix / MIXES) / symbols);
      for (int p = 0; p < x.length - 1; p++) {
        guesses[mix][x[p]] += each;
      }
    }
    double[] truth = new double[symbols];
    for (int query = 0; query < symbols; query++) {
      urn.predict(query, truth);
      oracle.take(truth, truth);
      for (int mix = 0; mix < MIXES; mix++) {
        counting.get(mix).take(truth, guesses[mix]);
      }
    }
  }
}
