package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.CausalGraph;
import dev.emergence.spec.CausalGraph.Graph;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Causal graphs: who depends on whom, by which law, and what predictors reach. */
class CausalGraphPropertiesTest {
  private static final int COUNT = 6;

  @Provide
  static Arbitrary<CausalGraph> graphs() {
    return Combinators.combine(
            Arbitraries.integers().between(2, 5),
            Arbitraries.integers().between(3, 24),
            Arbitraries.of(Graph.values()),
            Arbitraries.integers().between(1, 6),
            Arbitraries.doubles().between(0.05, 3))
        .as(CausalGraph::new)
        .filter(s -> s.children() > 0);
  }

  private static CausalGraphSequences task(CausalGraph spec, int seed) {
    return CausalGraphSequences.of(spec, RandomStream.of(seed, Purpose.TASK));
  }

  private static Sampled drawn(CausalGraph spec, int seed, int step, int count) {
    return Sampled.of(task(spec, seed), spec.predicts(), seed, step, count);
  }

  /** The parent of each position, -1 of those that have none, as the first layer's target tells. */
  private static int[] parents(CausalGraph spec, Sampled drawn, int n) {
    int[] parents = new int[spec.sequenceLength()];
    Arrays.fill(parents, -1);
    for (int[] entry : drawn.attention()[1][n]) {
      parents[entry[0]] = entry[1];
    }
    return parents;
  }

  @Property(tries = 200)
  void each_position_but_roots_and_the_query_has_one_parent_in_all_sequences(
      @ForAll("graphs") CausalGraph spec, @ForAll int seed) {
    Sampled drawn = drawn(spec, seed, 3, COUNT);
    int[] parents = parents(spec, drawn, 0);
    for (int n = 0; n < COUNT; n++) {
      assertThat(drawn.attention()[1][n]).hasDimensions(spec.children(), 2);
      assertThat(parents(spec, drawn, n)).containsExactly(parents);
    }
    for (int p = 0; p < parents.length; p++) {
      if (p < spec.roots() || p == parents.length - 1) {
        assertThat(parents[p]).isEqualTo(-1);
      } else if (spec.graph() == Graph.CHAIN) {
        assertThat(parents[p]).isEqualTo(p - spec.roots());
      } else {
        assertThat(parents[p]).isBetween(0, p - 1);
      }
    }
  }

  @Property(tries = 200)
  void the_query_attends_to_the_positions_whose_parent_has_its_symbol(
      @ForAll("graphs") CausalGraph spec, @ForAll int seed) {
    Sampled drawn = drawn(spec, seed, 2, COUNT);
    for (int n = 0; n < COUNT; n++) {
      int[] parents = parents(spec, drawn, n);
      int[] x = drawn.tokens()[n];
      int last = x.length - 1;
      List<Integer> wanted = new ArrayList<>();
      for (int p = 0; p < last; p++) {
        if (parents[p] >= 0 && x[parents[p]] == x[last]) {
          wanted.add(p);
        }
      }
      assertThat(drawn.attention()[0][n]).hasNumberOfRows(1);
      int[] entry = drawn.attention()[0][n][0];
      assertThat(entry[0]).isEqualTo(last);
      assertThat(Arrays.stream(entry).skip(1).filter(p -> p >= 0).boxed().toList())
          .isEqualTo(wanted);
    }
  }

  @Example
  void parents_of_a_random_graph_are_equally_likely_and_drawn_once_a_run() {
    CausalGraph spec = new CausalGraph(2, 8, Graph.RANDOM, 2, 1);
    long[][] counts = new long[8][];
    Arrays.setAll(counts, p -> new long[p]);
    for (int seed = 0; seed < 3000; seed++) {
      int[] parents = parents(spec, drawn(spec, seed, 0, 1), 0);
      for (int p = 2; p < 7; p++) {
        counts[p][parents[p]]++;
      }
    }
    for (int p = 2; p < 7; p++) {
      Chance.assertUniform("parents of position " + p, counts[p]);
    }
  }

  /** The law of all sequences with their target, beside matrices that are drawn and followed. */
  @Example
  void sequences_are_those_of_drawn_matrices() {
    for (Graph graph : Graph.values()) {
      CausalGraph spec = new CausalGraph(2, 6, graph, 2, 1);
      int count = 60_000;
      int matrices = 600_000;
      Sampled drawn = drawn(spec, 4, 1, count);
      int[] parents = parents(spec, drawn, 0);
      double[] law = new double[128];
      Random random = new Random(9);
      for (int i = 0; i < matrices; i++) {
        law[code(followed(parents, random))] += 1.0 / matrices;
      }
      long[] counts = new long[128];
      for (int n = 0; n < count; n++) {
        int[] x = Arrays.copyOf(drawn.tokens()[n], 7);
        x[6] = drawn.targets()[n][0];
        counts[code(x)]++;
      }
      double chi = 0;
      for (int code = 0; code < 128; code++) {
        double expected = law[code] * count;
        chi += Math.pow(counts[code] - expected, 2) / (expected * (1 + (double) count / matrices));
      }
      // 127 degrees of freedom, a deviation of 16.
      assertThat(chi).as("%s", graph).isBetween(127 - 5 * 16.0, 127 + 5 * 16.0);
    }
  }

  /** Of two symbols; a row of rates that are equally likely. The target is appended. */
  private static int[] followed(int[] parents, Random random) {
    double[] zero = {random.nextDouble(), random.nextDouble()};
    int[] x = new int[parents.length + 1];
    for (int p = 0; p < x.length; p++) {
      int parent = p < parents.length ? parents[p] : parents.length - 1;
      double rate = parent < 0 ? 0.5 : zero[x[parent]];
      x[p] = random.nextDouble() < rate ? 0 : 1;
    }
    return x;
  }

  private static int code(int[] x) {
    return Arrays.stream(x).reduce(0, (code, symbol) -> code * 2 + symbol);
  }

  /**
   * Two symbols, whose rows are of parameter c on both sides. Children of one symbol are alike with
   * probability (c + 1) / (2 c + 1), be it at one root or at two; all else is a coin.
   */
  @Example
  void children_are_alike_where_their_parents_are_and_do_not_tell_of_other_roots() {
    double c = 0.1;
    int roots = 5;
    CausalGraph spec = new CausalGraph(2, 12, Graph.RANDOM, roots, c);
    Sampled drawn = drawn(spec, 6, 0, 40_000);
    int[] parents = parents(spec, drawn, 0);
    int[] children = IntStream.range(roots, 11).filter(p -> parents[p] < roots).toArray();
    assertThat(children.length).isGreaterThan(3);
    for (int child : children) {
      for (int root = 0; root < roots; root++) {
        assertAlike(drawn, child, root, all -> true, 0.5);
      }
      assertAlike(drawn, child, 11, all -> true, 0.5);
      for (int other : children) {
        if (other < child) {
          int one = parents[child];
          int two = parents[other];
          assertAlike(drawn, child, other, x -> x[one] == x[two], (c + 1) / (2 * c + 1));
          assertAlike(drawn, child, other, x -> x[one] != x[two], 0.5);
        }
      }
    }
  }

  private static void assertAlike(
      Sampled drawn, int p, int q, Predicate<int[]> where, double probability) {
    List<int[]> some = Arrays.stream(drawn.tokens()).filter(where).toList();
    long alike = some.stream().filter(x -> x[p] == x[q]).count();
    Chance.assertBinomial(p + " beside " + q, alike, some.size(), probability);
  }

  /** All contexts of the smallest settings, each with the integral over the rows. */
  @Example
  void levels_are_those_of_all_contexts_by_enumeration() {
    for (Graph graph : Graph.values()) {
      CausalGraph spec = new CausalGraph(2, 7, graph, 1, 1);
      int[] parents = parents(spec, drawn(spec, 5, 0, 1), 0);
      double loss = 0;
      double hits = 0;
      double all = 0;
      for (int code = 0; code < 64; code++) {
        int[] x = new int[6];
        for (int p = 0; p < 6; p++) {
          x[p] = code >> p & 1;
        }
        double probability = 0.5 * evidence(parents, x, -1, -1);
        all += probability;
        for (int query = 0; query < 2; query++) {
          for (int next = 0; next < 2; next++) {
            double joint = probability / 2 * posterior(parents, x, query, next);
            loss -= joint * Math.log(posterior(parents, x, query, next));
            double other = posterior(parents, x, query, 1 - next);
            double mine = posterior(parents, x, query, next);
            hits += mine > other + 1e-12 ? joint : mine < other - 1e-12 ? 0 : joint / 2;
          }
        }
      }
      assertThat(all).isCloseTo(1, within(1e-12));
      assertThat(level(spec, 5, "oracle", "loss")).isCloseTo(loss, within(4e-3));
      assertThat(level(spec, 5, "oracle", "accuracy")).isCloseTo(hits, within(4e-3));
    }
  }

  private static double posterior(int[] parents, int[] x, int query, int next) {
    return evidence(parents, x, query, next) / evidence(parents, x, -1, -1);
  }

  /** The integral of the transitions over rows: n! m! / (n + m + 1)! of each row. */
  private static double evidence(int[] parents, int[] x, int query, int next) {
    int[][] follow = new int[2][2];
    for (int p = 1; p < x.length; p++) {
      follow[x[parents[p]]][x[p]]++;
    }
    if (query >= 0) {
      follow[query][next]++;
    }
    double product = 1;
    for (int[] row : follow) {
      product *= factorial(row[0]) * factorial(row[1]) / factorial(row[0] + row[1] + 1);
    }
    return product;
  }

  private static double factorial(int n) {
    return IntStream.rangeClosed(2, n).mapToDouble(i -> i).reduce(1, (a, b) -> a * b);
  }

  @Example
  void counting_symbols_helps_and_knowing_the_parents_helps_more() {
    for (double concentration : new double[] {0.1, 0.3, 1}) {
      for (Graph graph : Graph.values()) {
        CausalGraph spec = new CausalGraph(4, 24, graph, 1, concentration);
        double counting = level(spec, 1, "in_context", "loss");
        assertThat(counting).as("%s", spec).isLessThan(Math.log(4) - 0.02);
        assertThat(level(spec, 1, "oracle", "loss")).isLessThan(counting - 0.02);
      }
    }
  }

  /** On sequences of a run, by frequencies that are mixed with equal probabilities. */
  @Example
  void the_levels_are_what_their_strategies_score_on_drawn_sequences() {
    CausalGraph spec = new CausalGraph(3, 16, Graph.RANDOM, 2, 0.2);
    int count = 20_000;
    Sampled drawn = drawn(spec, 5, 0, count);
    int[] parents = parents(spec, drawn, 0);
    double oracle = 0;
    double[] mixed = new double[40];
    for (int n = 0; n < count; n++) {
      int[] x = drawn.tokens()[n];
      int target = drawn.targets()[n][0];
      double after = 0.6;
      double hits = 0.2;
      double seen = 0;
      for (int p = 0; p < 15; p++) {
        boolean follows = parents[p] >= 0 && x[parents[p]] == x[15];
        after += follows ? 1 : 0;
        hits += follows && x[p] == target ? 1 : 0;
        seen += x[p] == target ? 1 / 15.0 : 0;
      }
      oracle -= Math.log(hits / after) / count;
      for (int i = 0; i < 40; i++) {
        mixed[i] -= Math.log(i / 40.0 * seen + (1 - i / 40.0) / 3) / count;
      }
    }
    assertThat(level(spec, 5, "oracle", "loss")).isCloseTo(oracle, within(0.02));
    double best = Arrays.stream(mixed).min().orElseThrow();
    assertThat(level(spec, 5, "in_context", "loss")).isCloseTo(best, within(0.02));
  }

  private static double level(CausalGraph spec, int seed, String name, String metric) {
    return task(spec, seed).levels("test").stream()
        .filter(l -> l.name().equals(name) && l.metric().equals(metric))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
