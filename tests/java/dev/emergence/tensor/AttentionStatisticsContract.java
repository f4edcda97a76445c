package dev.emergence.tensor;

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
          Tensor query = bench.integers("query", chosen, c.replicas(), c.batch());
          Tensor marked = bench.below("marked", 2, c.replicas(), c.batch(), c.keys());
          Tensor mass = bench.output("mass", c.replicas(), c.batch(), c.heads());
          Tensor entropy = bench.output("entropy", c.replicas(), c.batch(), c.heads());
          bench.run(
              () -> {
                bench.backend().attention(a);
                bench.backend().attentionMass(a, query, marked, mass);
                bench.backend().attentionEntropy(a, query, entropy);
              });
        });
  }
}
