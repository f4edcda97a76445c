package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.LinearMap;
import dev.emergence.spec.Slice;
import dev.emergence.spec.Span;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Linear maps: every sequence follows from its first state, and what the paper says of them. */
class LinearMapPropertiesTest {
  private static final int COUNT = 6;

  @Provide
  Arbitrary<LinearMap> maps() {
    return Arbitraries.integers()
        .between(1, 20)
        .flatMap(
            cells ->
                Combinators.combine(
                        Arbitraries.integers().between(1, cells),
                        Arbitraries.integers().between(2, 4),
                        Arbitraries.of(2, 3, 5),
                        Arbitraries.of(LinearMap.Scored.class),
                        Arbitraries.integers().between(1, cells).optional(),
                        Arbitraries.of(true, false))
                    .as(
                        (ones, states, modulus, scored, written, hidden) ->
                            new LinearMap(
                                cells,
                                ones,
                                hidden ? 2 : states,
                                modulus,
                                LinearMap.Matrix.PER_SEED,
                                scored,
                                written,
                                hidden)));
  }

  static LinearMap map(int cells, int ones) {
    return new LinearMap(
        cells,
        ones,
        2,
        2,
        LinearMap.Matrix.PER_SEED,
        LinearMap.Scored.ALL,
        Optional.empty(),
        false);
  }

  static LinearMapSequences task(LinearMap spec, int seed) {
    return LinearMapSequences.of(spec, RandomStream.of(seed, Purpose.TASK));
  }

  @Property(tries = 200)
  void rows_hold_zeros_and_as_many_ones_as_parents(
      @ForAll("maps") LinearMap spec, @ForAll int seed) {
    SparseMatrix matrix = task(spec, seed).matrix();
    assertThat(matrix.size()).isEqualTo(spec.cells());
    for (int i = 0; i < spec.cells(); i++) {
      int row = i;
      assertThat(matrix.rows()[i]).hasSize(spec.parents()).doesNotHaveDuplicates().isSorted();
      assertThat(IntStream.range(0, spec.cells()).filter(j -> matrix.at(row, j)).count())
          .isEqualTo(spec.parents());
    }
  }

  @Property(tries = 200)
  void states_follow_from_the_first_by_the_matrix(
      @ForAll("maps") LinearMap spec, @ForAll int seed) {
    LinearMapSequences task = task(spec, seed);
    Sampled drawn = Sampled.of(task, spec.predicts(), seed, 3, COUNT);
    for (int n = 0; n < COUNT; n++) {
      int[] whole = whole(spec, drawn, n);
      for (int p = spec.cells(); p < spec.length(); p++) {
        int sum = 0;
        for (int j = 0; j < spec.cells(); j++) {
          boolean one = task.matrix().at(p % spec.cells(), j);
          sum += one ? whole[p / spec.cells() * spec.cells() - spec.cells() + j] : 0;
        }
        assertThat(whole[p]).isEqualTo(sum % spec.modulus());
      }
    }
  }

  /** The tokens of a sequence, those hidden from the model too. */
  private static int[] whole(LinearMap spec, Sampled drawn, int n) {
    int[] whole = drawn.tokens()[n].clone();
    Span scored = spec.predicts().scored();
    for (int q = 0; q < scored.count(); q++) {
      int p = scored.first() + q + 1;
      if (spec.outputsHidden() && p >= spec.cells()) {
        assertThat(whole[p]).isEqualTo(spec.modulus());
        whole[p] = drawn.targets()[n][q];
      } else {
        assertThat(drawn.targets()[n][q]).isEqualTo(whole[p]);
      }
    }
    return whole;
  }

  @Property(tries = 200)
  void slices_name_the_targets_of_their_row_and_state(@ForAll("maps") LinearMap spec) {
    Span scored = spec.predicts().scored();
    int covered = 0;
    for (Slice slice : spec.predicts().slices()) {
      for (int i = 0; i < slice.count(); i++) {
        int p = scored.first() + slice.first() + i * slice.stride() + 1;
        assertThat(p).isBetween(spec.cells(), spec.length() - 1);
        if (slice.name().startsWith("row.")) {
          assertThat(slice.name()).isEqualTo("row." + p % spec.cells());
          covered++;
        } else if (slice.name().startsWith("state.")) {
          assertThat(slice.name()).isEqualTo("state." + p / spec.cells());
        }
      }
    }
    assertThat(covered).isEqualTo(spec.length() - spec.cells());
  }

  @Property(tries = 200)
  void a_query_attends_to_the_parents_of_the_token_after_it(
      @ForAll("maps") LinearMap spec, @ForAll int seed) {
    LinearMapSequences task = task(spec, seed);
    Attends parents = task.attends().get(0);
    assertThat(parents.queries()).hasSize(spec.length() - spec.cells());
    for (int e = 0; e < parents.queries().length; e++) {
      int predicted = parents.queries()[e] + 1;
      int before = (predicted / spec.cells() - 1) * spec.cells();
      int[] row = task.matrix().rows()[predicted % spec.cells()];
      assertThat(parents.keys()[e])
          .containsExactly(Arrays.stream(row).map(j -> before + j).toArray());
      assertThat(Arrays.stream(parents.keys()[e]).max().orElseThrow())
          .isLessThanOrEqualTo(parents.queries()[e]);
    }
  }

  @Property(tries = 200)
  void the_map_is_linear_and_a_flip_reaches_the_rows_that_hold_its_column(
      @ForAll("maps") LinearMap spec, @ForAll int seed) {
    SparseMatrix matrix = task(spec, seed).matrix();
    int[] x = state(spec, seed, 0);
    int[] y = state(spec, seed, 1);
    int c = spec.modulus();
    int[] sum = new int[spec.cells()];
    Arrays.setAll(sum, j -> (x[j] + y[j]) % c);
    int[] ofSum = matrix.times(sum, c);
    int[] ofX = matrix.times(x, c);
    int[] ofY = matrix.times(y, c);
    assertThat(matrix.times(new int[spec.cells()], c)).containsOnly(0);
    for (int i = 0; i < spec.cells(); i++) {
      assertThat(ofSum[i]).isEqualTo((ofX[i] + ofY[i]) % c);
    }
    for (int j = 0; j < spec.cells(); j++) {
      int[] flipped = x.clone();
      flipped[j] = (flipped[j] + 1) % c;
      int[] changed = matrix.times(flipped, c);
      for (int i = 0; i < spec.cells(); i++) {
        assertThat(changed[i] != ofX[i]).isEqualTo(matrix.at(i, j));
      }
    }
  }

  private static int[] state(LinearMap spec, int seed, int n) {
    return Sampled.of(task(spec, seed), spec.predicts(), seed, 1, 2).state(n, 0, spec.cells());
  }

  @Property(tries = 100)
  void moving_columns_and_cells_together_changes_nothing(
      @ForAll("maps") LinearMap spec, @ForAll int seed) {
    SparseMatrix matrix = task(spec, seed).matrix();
    int n = spec.cells();
    int[] place = Shuffle.first(n, n, RandomStream.of(seed, Purpose.INIT).lane(0, 0, 0));
    int[] x = state(spec, seed, 0);
    int[] moved = new int[n];
    for (int j = 0; j < n; j++) {
      moved[place[j]] = x[j];
    }
    int[][] rows =
        Arrays.stream(matrix.rows())
            .map(row -> Arrays.stream(row).map(j -> place[j]).sorted().toArray())
            .toArray(int[][]::new);
    assertThat(new SparseMatrix(rows).times(moved, spec.modulus()))
        .containsExactly(matrix.times(x, spec.modulus()));
  }

  @Property(tries = 60)
  void with_every_parent_all_outputs_are_the_parity_and_with_one_they_are_copies(@ForAll int seed) {
    int cells = 2 + Math.floorMod(seed, 15);
    for (int[] x :
        Sampled.of(task(map(cells, cells), seed), map(cells, cells).predicts(), seed, 0, COUNT)
            .tokens()) {
      int parity = Arrays.stream(x, 0, cells).sum() % 2;
      assertThat(Arrays.stream(x, cells, 2 * cells)).containsOnly(parity);
    }
    LinearMapSequences copies = task(map(cells, 1), seed);
    for (int[] x : Sampled.of(copies, map(cells, 1).predicts(), seed, 0, COUNT).tokens()) {
      for (int i = 0; i < cells; i++) {
        assertThat(x[cells + i]).isEqualTo(x[copies.matrix().rows()[i][0]]);
      }
    }
  }

  @Property(tries = 40)
  void outputs_are_uniform_and_part_of_their_parents_says_nothing_about_them(@ForAll int seed) {
    int cells = 3 + Math.floorMod(seed, 6);
    int ones = 1 + Math.floorMod(seed / 7, cells);
    SparseMatrix matrix = task(map(cells, ones), seed).matrix();
    for (int i = 0; i < cells; i++) {
      int[] parents = matrix.rows()[i];
      for (int left = 0; left < parents.length; left++) {
        Map<String, Integer> balance = new HashMap<>();
        for (int code = 0; code < 1 << cells; code++) {
          int bits = code;
          int[] x = IntStream.range(0, cells).map(j -> bits >> j & 1).toArray();
          StringBuilder seen = new StringBuilder();
          for (int j : parents) {
            seen.append(j == parents[left] ? "" : x[j]);
          }
          balance.merge(seen.toString(), 2 * matrix.times(x, 2)[i] - 1, Integer::sum);
        }
        assertThat(balance.values()).containsOnly(0);
      }
    }
  }

  @Property(tries = 60)
  void a_shared_matrix_is_that_of_every_seed_and_data_are_not(@ForAll int seed, @ForAll int other) {
    LinearMap own = map(16, 3);
    LinearMap shared =
        new LinearMap(
            16, 3, 2, 2, LinearMap.Matrix.SHARED, LinearMap.Scored.ALL, Optional.empty(), false);
    assertThat(task(shared, seed).matrix().rows())
        .isDeepEqualTo(task(shared, other).matrix().rows());
    assertThat(task(own, seed).matrix().rows()).isDeepEqualTo(task(own, seed).matrix().rows());
    assertThat(Arrays.deepEquals(task(own, seed).matrix().rows(), task(own, other).matrix().rows()))
        .isEqualTo(seed == other);
  }

  @Example
  void the_vector_of_the_authors_figure() {
    int[][] supports = {
      {1, 6, 7}, {3, 5, 7}, {0, 3, 6}, {1, 4, 6}, {0, 4, 7}, {2, 6, 7}, {3, 6, 7}, {0, 2, 5}
    };
    int[] x0 = {0, 1, 1, 0, 1, 0, 0, 1};
    assertThat(new SparseMatrix(supports).times(x0, 2)).containsExactly(0, 1, 0, 0, 0, 0, 1, 1);
  }

  @Example
  void the_dense_end_is_short_by_differences_of_rows() {
    // From few draws, of which each deviates by about 0.25 from the mean.
    double[] published = {1, 1.9, 3.0, 3.8, 6.2, 5.1, 4.4, 3.3, 2.3, 1};
    int[] ones = {1, 2, 3, 4, 8, 12, 13, 14, 15, 16};
    for (int k = 0; k < ones.length; k++) {
      LinearMap spec = map(16, ones[k]);
      double mean =
          IntStream.range(0, 400)
              .mapToDouble(seed -> task(spec, seed).matrix().effectiveParents())
              .average()
              .orElseThrow();
      assertThat(mean).as("s = " + ones[k]).isCloseTo(published[k], within(0.2));
    }
  }

  @Example
  void hidden_outputs_and_sparse_parity_have_the_lengths_that_they_should() {
    LinearMap parity =
        new LinearMap(
            16,
            3,
            2,
            2,
            LinearMap.Matrix.PER_SEED,
            LinearMap.Scored.OUTPUTS,
            Optional.of(1),
            false);
    assertThat(parity.length()).isEqualTo(17);
    assertThat(parity.predicts().scored()).isEqualTo(new Span(15, 1));
    LinearMap hidden =
        new LinearMap(
            16, 3, 2, 2, LinearMap.Matrix.PER_SEED, LinearMap.Scored.ALL, Optional.empty(), true);
    assertThat(hidden.predicts().inputs()).isEqualTo(3);
    assertThat(hidden.predicts().outputs()).isEqualTo(2);
  }
}
