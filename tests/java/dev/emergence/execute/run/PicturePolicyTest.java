package dev.emergence.execute.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.analysis.Fabricated;
import dev.emergence.plan.Demand;
import dev.emergence.plan.Plan;
import dev.emergence.result.Curve;
import dev.emergence.result.Picture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PicturePolicyTest {
  private static final double[] LOSS = {0.5, 0.5, 0.2, 0.4, 0.08, 0.07, 0.04, 0.03, 0.02};

  private static Curve until(int rows) {
    double[] steps = IntStream.range(0, rows).mapToDouble(row -> 10 * row).toArray();
    double[][] values =
        Arrays.stream(LOSS, 0, rows).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
    return new Curve(List.of("test.loss"), steps, values);
  }

  /** Labels and steps of what is taken when every evaluation is asked about. */
  private static List<String> taken(List<Demand> demands, int from) {
    List<Picture> have = new ArrayList<>();
    PicturePolicy policy = new PicturePolicy(demands);
    for (int row = from; row < LOSS.length; row++) {
      for (String label : policy.due(10L * row, until(row + 1), have)) {
        have.add(new Picture(label, 10L * row, 1, 1, new double[][] {{1}}));
      }
    }
    return have.stream().map(p -> p.label() + "@" + p.step()).toList();
  }

  private static List<Demand> demands(String sweeps) {
    Plan plan = Fabricated.plan(sweeps);
    assertThat(plan.runs()).hasSize(1);
    return plan.runs().get(0).demands();
  }

  private static final String SHARED =
      """
      seeds: 1
      sweeps:
        levels:
          set: {measurement.attention.pictures_at: [plateau, held, '30']}
          grid: {measurement.thresholds.plateau.below: [0.3, 0.05]}
          variants:
            one: {measurement: {thresholds: {held: {metric: test.loss, below: 0.1, hold: 3}}}}
      """;

  @Test
  void conditions_that_share_a_run_have_a_picture_at_the_crossing_of_each() {
    assertThat(taken(demands(SHARED), 0))
        .containsExactly("plateau@20", "30@30", "plateau@60", "held@60");
  }

  @Test
  void what_was_crossed_before_a_run_went_on_is_not_taken_late() {
    assertThat(taken(demands(SHARED), 5)).containsExactly("plateau@60", "held@60");
    assertThat(taken(demands(SHARED), 7)).isEmpty();
  }
}
