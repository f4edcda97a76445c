package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What probes read of the attention of one query a sequence. */
public interface AttentionStatisticsContract extends AttentionContract {

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.AttentionCase#all")
  default void mass_and_entropy_belong_to_the_chosen_query_of_each_sequence(AttentionCase c) {
    statistics(c, (r, b) -> (3 * r + 2 * b + c.queries() - 1) % c.queries());
  }

  @Test
  default void a_sequence_without_a_query_has_no_mass_and_no_entropy() {
    statistics(
        new AttentionCase(2, 4, 3, 7, 9, 12, false, false, AttentionCase.Layout.APART),
        (r, b) -> (r + b) % 2 == 0 ? -1 : 5);
  }

  /** Chooses the query of a sequence. */
  interface Choice {
    int of(int replica, int sequence);
  }

  private void statistics(AttentionCase c, Choice choice) {
    int[] chosen = new int[c.replicas() * c.batch()];
    Arrays.setAll(chosen, i -> choice.of(i / c.batch(), i % c.batch()));
    Bench.agree(
        backend(),
        attentionRounding(c),
        bench -> {
          Attention a = c.on(bench);
          Tensor query = bench.integers("query", chosen, c.replicas(), c.batch(), 1);
          // Some are listed twice, some places are empty.
          Tensor keys =
              bench.below("keys", c.keys() + 1, c.replicas(), c.batch(), 1, c.keys() / 2 + 1);
          bench.backend().write(keys, minusOne(bench.backend().ints(keys)));
          Parents on = new Parents("parents", query, keys);
          Tensor mass = bench.output("mass", c.replicas(), c.batch(), c.heads(), 1);
          Tensor entropy = bench.output("entropy", c.replicas(), c.batch(), c.heads(), 1);
          bench.run(
              () -> {
                bench.backend().attention(a);
                bench.backend().attentionMass(a, on, mass);
                bench.backend().attentionEntropy(a, query, entropy);
              });
        });
  }

  private static int[] minusOne(int[] values) {
    return Arrays.stream(values).map(x -> x - 1).toArray();
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.AttentionCase#all")
  default void many_queries_of_a_sequence_have_mass_and_entropy_of_their_own(AttentionCase c) {
    Bench.agree(
        backend(),
        attentionRounding(c),
        AttentionContract.NO_ENTROPY,
        bench -> {
          Backend b = bench.backend();
          Attention a = c.on(bench);
          Parents own = AttentionLists.of(bench, "own", c, c.batch());
          Parents shared = AttentionLists.of(bench, "shared", c, 1);
          for (Parents on : new Parents[] {own, shared}) {
            long[] shape = {c.replicas(), c.batch(), c.heads(), on.entries()};
            Tensor mass = bench.output("mass " + on.name(), shape);
            Tensor entropy = bench.output("entropy " + on.name(), shape);
            bench.run(
                () -> {
                  b.attention(a);
                  b.attentionMass(a, on, mass);
                  b.attentionEntropy(a, on.queries(), entropy);
                });
          }
        });
  }

  @Test
  default void queries_and_keys_that_the_attention_does_not_have_are_refused() {
    for (int queries : new int[] {1, 5}) {
      AttentionCase c =
          new AttentionCase(2, 2, 3, queries, 5, 4, false, false, AttentionCase.Layout.APART);
      for (int query : new int[] {-2, queries, 1 << 20}) {
        refused(c, query, 0, true);
      }
      for (int key : new int[] {-2, 5, 1 << 20}) {
        refused(c, 0, key, false);
      }
    }
  }

  /** One bad entry among good ones, in the last replica and sequence. */
  private void refused(AttentionCase c, int query, int key, boolean byEntropyToo) {
    int entries = c.replicas() * c.batch() * 3;
    int[] queries = new int[entries];
    int[] keys = new int[2 * entries];
    queries[entries - 2] = query;
    keys[2 * entries - 3] = key;
    try (Bench bench = new Bench(backend(), false)) {
      Backend b = bench.backend();
      Tensor at = bench.integers("queries", queries, c.replicas(), c.batch(), 3);
      Parents on =
          new Parents("parents", at, bench.integers("keys", keys, c.replicas(), c.batch(), 3, 2));
      Tensor out = bench.output("statistic", c.replicas(), c.batch(), c.heads(), 3);
      Attention a = c.on(bench);
      b.attention(a);
      refused(() -> b.attentionMass(a, on, out), b, out);
      if (byEntropyToo) {
        refused(() -> b.attentionEntropy(a, at, out), b, out);
      }
    }
  }

  private static void refused(Runnable statistic, Backend backend, Tensor out) {
    assertThatThrownBy(
            () -> {
              statistic.run();
              backend.doubles(out);
            })
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(?s).*(query|key) .*(is not in|outside).*");
  }
}
