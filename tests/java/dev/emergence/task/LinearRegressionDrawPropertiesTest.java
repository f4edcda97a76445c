package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec.LinearRegression;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every sequence of linear regression. */
class LinearRegressionDrawPropertiesTest {
  private static final int SAMPLES = 12;

  /** A configuration and what it says. */
  record Setting(
      int dim,
      int length,
      int copies,
      double p,
      String position,
      boolean feature,
      int seed,
      int step) {

    RunConfig config() {
      return config(copies, p);
    }

    RunConfig config(int copies, double p) {
      return Configs.regression(
          "task.dim=" + dim,
          "task.sequence_length=" + length,
          "task.relevant_position=" + position,
          "task.relevant_feature=" + feature,
          "repetition.in_context=" + copies,
          "repetition.cross_sample=" + p);
    }

    Drawn draw() {
      return draw(config());
    }

    Drawn draw(RunConfig config) {
      try (Lab lab = Lab.of(config, seed)) {
        return lab.training(SAMPLES, step);
      }
    }

    double[] special() {
      return RegressionConstants.draw((LinearRegression) config().task(), seed).special();
    }

    /** A token without the feature. */
    double[] vector(Drawn drawn, int n, int l) {
      return Arrays.copyOf(drawn.token(n, l), dim);
    }
  }

  @Provide
  Arbitrary<Setting> settings() {
    Arbitrary<int[]> sizes =
        Arbitraries.integers()
            .between(1, 20)
            .flatMap(
                length ->
                    Arbitraries.integers()
                        .between(1, length)
                        .map(copies -> new int[] {length, copies}));
    return Combinators.combine(
            Arbitraries.integers().between(1, 6),
            sizes,
            Arbitraries.of(0.0, 0.3, 1.0),
            Arbitraries.of("last", "fixed", "random"),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, Integer.MAX_VALUE),
            Arbitraries.integers().between(0, 1 << 20))
        .as(
            (dim, size, p, position, feature, seed, step) ->
                new Setting(
                    dim,
                    size[0],
                    size[1],
                    p,
                    position,
                    feature || position.equals("random"),
                    seed,
                    step));
  }

  @Property(tries = 60, seed = "11")
  void exactly_b_tokens_are_relevant_and_carry_the_same_vector(@ForAll("settings") Setting s) {
    Drawn drawn = s.draw();
    for (int n = 0; n < SAMPLES; n++) {
      int[] relevant = drawn.relevant(n);
      assertThat(relevant).hasSize(s.copies());
      for (int l : relevant) {
        assertThat(s.vector(drawn, n, l)).containsExactly(s.vector(drawn, n, relevant[0]));
      }
    }
  }

  @Property(tries = 60, seed = "12")
  void other_tokens_differ_from_each_other_and_from_the_relevant_one(
      @ForAll("settings") Setting s) {
    Drawn drawn = s.draw();
    for (int n = 0; n < SAMPLES; n++) {
      Set<String> different = new HashSet<>();
      for (int l = 0; l < s.length(); l++) {
        different.add(Arrays.toString(s.vector(drawn, n, l)));
      }
      assertThat(different).hasSize(s.length() - s.copies() + 1);
    }
  }

  @Property(tries = 60, seed = "13")
  void the_feature_marks_relevant_tokens_or_is_absent(@ForAll("settings") Setting s) {
    Drawn drawn = s.draw();
    assertThat(drawn.width()).isEqualTo(s.dim() + (s.feature() ? 1 : 0));
    for (int i = 0; i < SAMPLES * s.length() && s.feature(); i++) {
      double[] token = drawn.token(i / s.length(), i % s.length());
      assertThat(token[s.dim()]).isEqualTo(drawn.relevant()[i]);
    }
  }

  @Property(tries = 60, seed = "14")
  void relevant_positions_are_the_last_or_fixed_or_anywhere(@ForAll("settings") Setting s) {
    Drawn drawn = s.draw();
    int[] first = drawn.relevant(0);
    for (int n = 0; n < SAMPLES; n++) {
      int[] relevant = drawn.relevant(n);
      switch (s.position()) {
        case "last" ->
            assertThat(relevant)
                .containsExactly(IntStream.range(s.length() - s.copies(), s.length()).toArray());
        case "fixed" -> assertThat(relevant).containsExactly(first);
        default -> assertThat(relevant).doesNotHaveDuplicates();
      }
    }
    if (s.position().equals("fixed")) {
      int[] positions =
          RegressionConstants.draw((LinearRegression) s.config().task(), s.seed()).positions();
      assertThat(positions).containsExactlyInAnyOrder(IntStream.range(0, s.length()).toArray());
      assertThat(first).containsExactlyInAnyOrder(Arrays.copyOf(positions, s.copies()));
    }
  }

  @Property(tries = 60, seed = "15")
  void the_special_token_comes_never_at_p_0_and_always_at_p_1(@ForAll("settings") Setting s) {
    Drawn drawn = s.draw();
    double[] special = s.special();
    for (int n = 0; n < SAMPLES && s.p() != 0.3; n++) {
      boolean equal = Arrays.equals(s.vector(drawn, n, drawn.relevant(n)[0]), special);
      assertThat(equal).isEqualTo(s.p() == 1);
    }
  }

  @Property(tries = 60, seed = "16")
  void repetition_changes_neither_the_noise_nor_the_fresh_vector(@ForAll("settings") Setting s) {
    Drawn one = s.draw(s.config(1, 0));
    Drawn many = s.draw(s.config(s.copies(), s.p()));
    double[] special = s.special();
    for (int n = 0; n < SAMPLES; n++) {
      for (int l = 0; l < s.length(); l++) {
        if (!one.relevant(n, l) && !many.relevant(n, l)) {
          assertThat(many.token(n, l)).containsExactly(one.token(n, l));
        }
      }
      double[] r = s.vector(many, n, many.relevant(n)[0]);
      double[] fresh = s.vector(one, n, one.relevant(n)[0]);
      assertThat(Arrays.equals(r, fresh) || Arrays.equals(r, special)).isTrue();
    }
  }
}
