package dev.emergence.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EarlyWarningTest {

  @Test
  void a_planted_line_is_found_with_its_slope() {
    double[] x = IntStream.range(0, 20).mapToDouble(i -> i / 20.0).toArray();
    SplittableRandom random = new SplittableRandom(3);
    double[] y = IntStream.range(0, 20).mapToDouble(i -> 5 - 2 * x[i]).toArray();
    for (int i = 0; i < y.length; i++) {
      y[i] += 0.05 * random.nextDouble();
    }
    EarlyWarning test = EarlyWarning.of(x, y, 500);
    assertThat(test.slope()).isCloseTo(-2, within(0.1));
    assertThat(test.r()).isGreaterThan(0.98);
    assertThat(test.p()).isEqualTo(1 / 501.0);
    assertThat(test.pairs()).isEqualTo(20);
  }

  @Test
  void independent_numbers_pass_about_one_time_in_twenty() {
    int passed = 0;
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      double[] x = random.doubles(15).toArray();
      double[] y = random.doubles(15).toArray();
      passed += EarlyWarning.of(x, y, 200).p() <= 0.05 ? 1 : 0;
    }
    // 15 of 300 expected; four standard deviations of a binomial to each side.
    assertThat(passed).isBetween(1, 30);
  }

  @Test
  void one_far_point_does_not_predict_itself() {
    double[] x = {0.1, 0.3, 0.2, 0.15, 0.25, 0.12, 5};
    double[] y = {1.0, 1.2, 1.3, 1.1, 0.9, 1.25, 9};
    assertThat(EarlyWarning.of(x, y, 500).r()).isLessThan(0.5);
  }

  @Test
  void what_does_not_vary_predicts_nothing() {
    double[] same = {1, 1, 1, 1, 1, 1};
    double[] y = {1, 2, 3, 4, 5, 6};
    assertThat(EarlyWarning.of(same, y, 100).p()).isNaN();
    assertThatThrownBy(() -> EarlyWarning.of(new double[4], new double[4], 100))
        .hasMessage("a prediction needs 5 runs, got 4");
  }

  @Test
  void a_permutation_that_puts_every_number_in_its_place_counts_as_good_as_the_data() {
    // One of five numbers differs, so a fifth of all permutations gives the data once more.
    double[] x = {0, 0.1, 0.2, 0.3, 5};
    double[] y = {1, 1, 1, 1, 2};
    assertThat(EarlyWarning.of(x, y, 2000).p()).isGreaterThan(0.15);
  }

  /** Sums of equal numbers round, so that their mean may be another number. */
  @Test
  void numbers_that_are_all_equal_or_all_but_one_predict_nothing_whatever_they_are() {
    for (int n = EarlyWarning.LEAST; n <= 16; n++) {
      double[] y =
          IntStream.range(0, n).mapToDouble(i -> Math.log(100 + 37 * i * i % 91)).toArray();
      for (double each : new double[] {0.1, 0.3, 0.123, 0.6931, 0.498, 1.37}) {
        double[] x = DoubleStream.generate(() -> each).limit(n).toArray();
        assertThat(EarlyWarning.of(x, y, 20).r()).as("%d times %s", n, each).isNaN();
        assertThat(EarlyWarning.of(y, x, 20).r()).as("of %d times %s", n, each).isNaN();
        x[n - 1] *= 2;
        assertThat(EarlyWarning.of(x, y, 20).r()).as("one but %d times %s", n, each).isNaN();
      }
    }
  }

  @Test
  void permutations_of_runs_with_equal_numbers_are_as_good_as_the_data() {
    // The three late runs stand in one of 20 places in the data, and predict as well in another.
    double[] x = {0.1, 0.1, 0.1, 0.2, 0.2, 0.2};
    double[] y = DoubleStream.of(50, 150, 300, 400, 1350, 2000).map(Math::log).toArray();
    double r = EarlyWarning.of(x, y, 1).r();
    List<double[]> all = permutations(y, 0);
    long asGood = all.stream().filter(o -> EarlyWarning.of(x, o, 1).r() >= r - 1e-6).count();
    assertThat(asGood / (double) all.size()).isEqualTo(0.1);
    assertThat(EarlyWarning.of(x, y, 20000).p()).isCloseTo(0.1, within(0.01));
  }

  private static List<double[]> permutations(double[] values, int from) {
    List<double[]> out = new ArrayList<>();
    if (from == values.length) {
      out.add(values.clone());
    }
    for (int i = from; i < values.length; i++) {
      double[] swapped = values.clone();
      swapped[from] = values[i];
      swapped[i] = values[from];
      out.addAll(permutations(swapped, from + 1));
    }
    return out;
  }

  @Test
  void of_all_orders_the_worst_has_a_p_of_one() {
    double[] x = {1, 2, 4, 7, 11, 16};
    List<double[]> orders = permutations(new double[] {2, 3, 5, 6, 9, 8}, 0);
    orders.sort(Comparator.comparingDouble(order -> EarlyWarning.of(x, order, 0).r()));
    assertThat(EarlyWarning.of(x, orders.get(0), 500).p()).isEqualTo(1);
  }

  /** The correlation has no unit; predictions without one pair are by the textbook's formulas. */
  @Test
  void the_correlation_is_that_of_truth_and_prediction_in_any_unit() {
    double[] x = {1, 2, 4, 7, 11};
    double[] y = {3, 1, 6, 5, 9};
    double[] predicted = new double[5];
    for (int i = 0; i < 5; i++) {
      double[] sums = sums(x, y, i);
      double slope = (4 * sums[4] - sums[0] * sums[1]) / (4 * sums[2] - sums[0] * sums[0]);
      predicted[i] = (sums[1] - slope * sums[0]) / 4 + slope * x[i];
    }
    double[] all = sums(predicted, y, -1);
    double r =
        (5 * all[4] - all[0] * all[1])
            / Math.sqrt((5 * all[2] - all[0] * all[0]) * (5 * all[3] - all[1] * all[1]));
    EarlyWarning test = EarlyWarning.of(x, y, 10);
    assertThat(test.r()).isCloseTo(r, within(1e-12));
    double[] thousands = DoubleStream.of(y).map(v -> 1000 * v).toArray();
    assertThat(EarlyWarning.of(x, thousands, 10).r()).isCloseTo(r, within(1e-12));
    assertThat(EarlyWarning.of(x, thousands, 10).slope())
        .isCloseTo(1000 * test.slope(), within(1e-9));
  }

  /** Of x, y, their squares and their products. */
  private static double[] sums(double[] x, double[] y, int without) {
    double[] sums = new double[5];
    for (int i = 0; i < x.length; i++) {
      double[] terms = {x[i], y[i], x[i] * x[i], y[i] * y[i], x[i] * y[i]};
      for (int k = 0; k < 5 && i != without; k++) {
        sums[k] += terms[k];
      }
    }
    return sums;
  }

  @Test
  void one_number_that_differs_predicts_nothing_wherever_it_stands() {
    double[] y = {1, 2, 4, 3, 6, 5, 9};
    for (int odd = 0; odd < y.length; odd++) {
      for (double each : new double[] {0.1, 0.3, 0.123, 0.6931}) {
        double[] x = DoubleStream.generate(() -> each).limit(y.length).toArray();
        x[odd] = 0.777;
        assertThat(EarlyWarning.of(x, y, 5).r()).as("%d of %s", odd, each).isNaN();
      }
    }
  }
}
