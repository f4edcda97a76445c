package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Biases on listed queries and keys, and outputs of heads that are put in place of others. */
public interface AttentionBiasContract extends AttentionContract {

  /** Different strengths in the replicas of a cohort. */
  private static double[] strengths(int replicas, double first) {
    double[] c = new double[replicas];
    Arrays.setAll(c, r -> (float) (first + 1.25 * r));
    return c;
  }

  /** Two biases: one that all sequences share, and one of each, in some heads. */
  private static List<Bias> biases(Bench bench, AttentionCase c) {
    Parents shared = AttentionLists.of(bench, "shared", c, 1);
    Parents own = AttentionLists.of(bench, "own", c, c.batch());
    Tensor one = bench.values("one", strengths(c.replicas(), 1.5), c.replicas());
    Tensor two = bench.values("two", strengths(c.replicas(), -0.75), c.replicas());
    int[] some = new int[c.replicas() * c.heads()];
    Arrays.setAll(some, i -> (i + i / c.heads()) % 2);
    Tensor heads = bench.integers("heads", some, c.replicas(), c.heads());
    return List.of(new Bias(shared, one), new Bias(own, two, Optional.of(heads), 0));
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.AttentionCase#all")
  default void listed_biases_shift_scores_wherever_they_are_computed(AttentionCase c) {
    Bench.agree(
        backend(),
        attentionRounding(c) * 2,
        NO_ENTROPY,
        bench -> {
          Backend b = bench.backend();
          Attention a = c.on(bench).with(biases(bench, c));
          Attention.Gradient g = c.gradient(bench, a);
          Parents on = a.listed().get(1).on();
          long[] each = {c.replicas(), c.batch(), c.heads(), on.entries()};
          Tensor p = bench.output("p", c.replicas(), c.batch(), c.heads(), c.queries(), c.keys());
          Tensor mass = bench.output("mass", each);
          Tensor entropy = bench.output("entropy", each);
          bench.run(
              () -> {
                b.attention(a);
                b.attentionProbabilities(a, p);
                b.attentionMass(a, on, mass);
                b.attentionEntropy(a, on.queries(), entropy);
                b.attentionBackward(g);
              });
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.AttentionCase#all")
  default void the_gradient_of_a_strength_follows_the_definition(AttentionCase c) {
    Bench.agree(
        backend(),
        // A sum of many terms of either sign, each a difference of two sums; where one key takes
        // all,
        // of terms that are nothing but rounding.
        attentionRounding(c) * 8,
        Math.max(rounding(), attentionRounding(c)),
        bench -> {
          Backend b = bench.backend();
          Attention a = c.on(bench).with(biases(bench, c));
          Attention.Gradient g = c.gradient(bench, a);
          Tensor first = bench.output("first", c.replicas());
          Tensor more = bench.values("more", strengths(c.replicas(), 10), c.replicas());
          bench.run(
              () -> {
                b.attention(a);
                b.attentionBackward(g);
                b.attentionBiasBackward(g, 0, first, false);
                b.attentionBiasBackward(g, 1, more, true);
              });
        });
  }

  /** Cases with as many queries as keys. */
  static Stream<AttentionCase> square() {
    return AttentionCase.all().stream().filter(c -> c.queries() == c.keys() && !c.bias());
  }

  @ParameterizedTest
  @MethodSource("square")
  default void a_listed_bias_is_the_dense_one_with_its_strength_at_the_listed_places(
      AttentionCase c) {
    try (Bench bench = new Bench(backend(), false)) {
      Parents on = AttentionLists.of(bench, "on", c, 1);
      Tensor strength = bench.values("c", strengths(c.replicas(), 2), c.replicas());
      Attention plain = c.on(bench);
      double[] dense = new double[c.replicas() * c.queries() * c.keys()];
      int[] queries = backend().ints(on.queries());
      int[] keys = backend().ints(on.keys());
      for (int i = 0; i < keys.length; i++) {
        int query = queries[i / on.width()];
        if (query >= 0 && keys[i] >= 0) {
          int replica = i / on.width() / on.entries();
          int at = (replica * c.queries() + query) * c.keys() + keys[i];
          dense[at] += strengths(c.replicas(), 2)[replica];
        }
      }
      Tensor bias = bench.values("bias", dense, c.replicas(), c.queries(), c.keys());
      backend().attention(plain.with(List.of(new Bias(on, strength))));
      double[] listed = backend().doubles(plain.lse());
      backend()
          .attention(
              new Attention(
                  plain.q(),
                  plain.k(),
                  plain.v(),
                  Optional.of(bias),
                  plain.out(),
                  plain.lse(),
                  plain.shape(),
                  plain.scale()));
      double[] want = backend().doubles(plain.lse());
      for (int i = 0; i < want.length; i++) {
        assertThat(listed[i])
            .as("lse %d of %s", i, c)
            .isCloseTo(want[i], org.assertj.core.api.Assertions.within(1e-5));
      }
    }
  }

  @Test
  default void a_single_query_is_listed_under_its_position() {
    AttentionCase c = new AttentionCase(2, 3, 2, 1, 9, 16, true, false, AttentionCase.Layout.APART);
    Bench.agree(
        backend(),
        attentionRounding(c),
        bench -> {
          // Position 8 is the only query there is; that of position 4 is left out.
          Tensor queries = bench.integers("queries", new int[] {4, 8, 8, 4}, 2, 1, 2);
          Tensor keys = bench.integers("keys", new int[] {0, 1, 2, -1, 3, 8, 4, 5}, 2, 1, 2, 2);
          Tensor strength = bench.values("c", new double[] {3, 1}, 2);
          Bias bias =
              new Bias(new Parents("parents", queries, keys), strength, Optional.empty(), 8);
          Attention a = c.on(bench).with(List.of(bias));
          Attention.Gradient g = c.gradient(bench, a);
          Tensor dStrength = bench.output("dStrength", 2);
          bench.run(
              () -> {
                bench.backend().attention(a);
                bench.backend().attentionBackward(g);
                bench.backend().attentionBiasBackward(g, 0, dStrength, false);
              });
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.AttentionCase#all")
  default void heads_can_be_left_replaced_or_zeroed(AttentionCase c) {
    int[] what = new int[c.replicas() * c.heads()];
    Arrays.setAll(what, i -> (i + 1) % 3);
    Bench.agree(
        backend(),
        attentionRounding(c),
        bench -> {
          Attention a = c.on(bench);
          Tensor p = bench.normal("p", c.replicas(), c.batch(), c.heads(), c.queries(), c.keys());
          Tensor heads = bench.integers("heads", what, c.replicas(), c.heads());
          bench.run(
              () -> {
                bench.backend().attention(a);
                bench.backend().attentionOverride(a, p, heads);
              });
        });
  }

  @Test
  default void positions_that_the_attention_does_not_have_are_refused() {
    AttentionCase c = new AttentionCase(1, 2, 1, 5, 5, 4, true, false, AttentionCase.Layout.APART);
    refuses(c, 5, 0);
    refuses(c, 2, 5);
    refuses(c, 2, -2);
  }

  private void refuses(AttentionCase c, int query, int key) {
    try (Bench bench = new Bench(backend(), false)) {
      Parents on =
          new Parents(
              "parents",
              bench.integers("queries", new int[] {query}, 1, 1, 1),
              bench.integers("keys", new int[] {key}, 1, 1, 1, 1));
      Attention a = c.on(bench).with(List.of(new Bias(on, bench.normal("c", 1))));
      assertThatThrownBy(
              () -> {
                backend().attention(a);
                backend().doubles(a.lse());
              })
          .isInstanceOf(RuntimeException.class)
          .hasMessageMatching("(?s).*(query|key) .*(is not in|outside).*");
    }
  }
}
