package dev.emergence.tensor;

import dev.emergence.tensor.HeadProduct.Form;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention of one query a head over shared tokens, its gradients, and the products of heads. */
public interface TokenAttentionContract extends BackendUnderTest {

  /** Sizes around vectors, warps and tiles. */
  record Case(int replicas, int batch, int heads, int length, int width) {
    static List<Case> all() {
      return List.of(
          new Case(1, 1, 1, 1, 1),
          new Case(1, 2, 3, 2, 5),
          new Case(2, 3, 2, 7, 8),
          new Case(1, 2, 4, 15, 16),
          new Case(3, 1, 2, 16, 33),
          new Case(1, 3, 5, 17, 48),
          new Case(2, 2, 1, 31, 64),
          new Case(1, 1, 7, 33, 20),
          new Case(1, 2, 4, 64, 256),
          new Case(1, 1, 2, 65, 100),
          new Case(1, 1, 3, 300, 12),
          new Case(2, 1, 4, 129, 257),
          new Case(1, 1, 2, 9, 1024));
    }

    TokenAttention on(Bench bench, double spread) {
      return new TokenAttention(
          bench.normal("q", spread, replicas, batch, heads, width),
          bench.normal("x", replicas, batch, length, width),
          bench.output("p", replicas, batch, heads, length),
          bench.output("out", replicas, batch, heads, width),
          (float) (1 / Math.sqrt(width)));
    }
  }

  /** Scores are sums over the width and pass through an exponential; outputs sum over tokens. */
  private double rounding(Case c) {
    return rounding() * (4 + Math.sqrt(c.width()) / 4 + Math.sqrt(c.length()) / 4);
  }

  private void follow(Case c, double spread, double slack, double floor) {
    Bench.agree(
        backend(),
        rounding(c) * slack,
        floor,
        bench -> {
          TokenAttention a = c.on(bench, spread);
          TokenAttention.Gradient g =
              new TokenAttention.Gradient(
                  a,
                  bench.normal("dOut", c.replicas(), c.batch(), c.heads(), c.width()),
                  bench.output("dQ", c.replicas(), c.batch(), c.heads(), c.width()),
                  bench.output("dX", c.replicas(), c.batch(), c.length(), c.width()),
                  bench.output("dS", c.replicas(), c.batch(), c.heads(), c.length()));
          bench.run(
              () -> {
                bench.backend().tokenAttention(a);
                bench.backend().tokenAttentionBackward(g);
              });
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.TokenAttentionContract$Case#all")
  default void attention_over_tokens_and_its_gradients_follow_the_definition(Case c) {
    follow(c, 1, 2, 0);
  }

  @Test
  default void scores_of_thousands_over_tokens_stay_finite() {
    // One token takes all; what is left to the others is far below float32.
    follow(new Case(1, 2, 3, 19, 16), 3000, 64, 1e-30);
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.TokenAttentionContract$Case#all")
  default void products_of_heads_follow_the_definition(Case c) {
    // Rows of the product: the sequences; head_dim: the length.
    for (Form form : Form.values()) {
      Bench.agree(
          backend(),
          rounding(c) * Math.sqrt(Math.max(c.width(), c.length())),
          bench -> {
            long[] x = {c.replicas(), c.batch(), (long) c.heads() * c.length()};
            long[] w = {c.replicas(), (long) c.heads() * c.length(), c.width()};
            long[] y = {c.replicas(), c.batch(), c.heads(), c.width()};
            HeadProduct product =
                new HeadProduct(
                    form,
                    form == Form.NARROW ? bench.output("x", x) : bench.normal("x", x),
                    form == Form.WEIGHT ? bench.output("w", w) : bench.normal("w", w),
                    form == Form.WIDEN ? bench.output("y", y) : bench.normal("y", y));
            bench.run(() -> bench.backend().headProduct(product));
          });
    }
  }
}
