package dev.emergence.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.hipparchus.distribution.continuous.NormalDistribution;
import org.junit.jupiter.api.Test;

/** What brackets say of a law, as a share of what exact times would. */
class LikelihoodTest {
  private static final double NEVER = Double.POSITIVE_INFINITY;

  /** Of a bracket it is 1 less the variance of the standard normal distribution within it. */
  private static double share(double low, double high) {
    NormalDistribution normal = new NormalDistribution();
    double mass = normal.cumulativeProbability(high) - normal.cumulativeProbability(low);
    double mean = (normal.density(low) - normal.density(high)) / mass;
    return (high * normal.density(high) - low * normal.density(low)) / mass + mean * mean;
  }

  @Test
  void a_bracket_says_the_less_the_wider_it_is_and_an_exact_time_all() {
    double[][] one = {{1}};
    Likelihood exact = new Likelihood(one, new double[] {2}, new double[] {2});
    assertThat(exact.leastShare(new double[] {2, 1})).isCloseTo(1, within(1e-12));
    Likelihood wide = new Likelihood(one, new double[] {1.5}, new double[] {3.7});
    assertThat(wide.leastShare(new double[] {2, 1})).isCloseTo(share(-0.5, 1.7), within(1e-12));
    assertThat(share(-0.5, 1.7)).isBetween(0.5, 0.9);
  }

  /** Each of two conditions has a parameter of its own; the second is known from a bracket. */
  @Test
  void it_is_that_of_the_combination_of_parameters_of_which_least_is_said() {
    double[][] rows = {{2, 0}, {0, 3}, {2, 0}, {0, 3}, {0, 3}};
    double[] lows = {1, 0.3, 1, 1.1, 9};
    double[] highs = {1, 2, 1, 1.4, NEVER};
    double first = share(0.3 - 1.2, 2 - 1.2);
    double second = share(1.1 - 1.2, 1.4 - 1.2);
    assertThat(new Likelihood(rows, lows, highs).leastShare(new double[] {0.5, 0.4, 1}))
        .isCloseTo((first + second) / 2, within(1e-12));
  }

  @Test
  void where_no_parameter_is_asked_for_all_is_said() {
    Likelihood none = new Likelihood(new double[][] {{}}, new double[] {1}, new double[] {3});
    assertThat(none.leastShare(new double[] {1})).isEqualTo(1);
  }
}
