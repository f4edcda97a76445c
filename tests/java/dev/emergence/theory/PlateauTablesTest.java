package dev.emergence.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.emergence.spec.ToySpec.Scores;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Times at which the test loss reaches 0.1, against an independent integration (DOP853 at 1e-12, in
 * agreement with Radau).
 */
class PlateauTablesTest {
  private static final Percentage TOLERANCE = withPercentage(0.1);
  private static final int[] DIMS = {16, 32, 64, 128, 256};

  @ParameterizedTest(name = "T = {0}")
  @CsvSource({
    "256, 1369 1915 2695 3814 5429, 1366 1911 2690 3807 5419",
    "512, 2711 3788 5319 7502 10621, 2708 3784 5314 7494 10610",
    "1024, 5393 7532 10566 14875 21001, 5390 7529 10561 14867 20991",
    "2048, 10755 15019 21059 29619 41759, 10753 15015 21054 29612 41749",
    "4096, 21479 29991 42042 59106 83274, 21476 29988 42037 59098 83263"
  })
  void plateaus_without_repetition_are_those_of_the_table(int length, String tied, String untied) {
    for (int i = 0; i < DIMS.length; i++) {
      assertThat(Toys.with(length, DIMS[i], 1, 0).plateau())
          .as("tied, d = %d", DIMS[i])
          .isCloseTo(number(tied, i), TOLERANCE);
      assertThat(Toys.with(length, DIMS[i], 1, 0).scores(Scores.UNTIED).plateau())
          .as("untied, d = %d", DIMS[i])
          .isCloseTo(number(untied, i), TOLERANCE);
    }
  }

  @ParameterizedTest(name = "B = {0}")
  @CsvSource({
    "2, 10524 14791 20833 29395 41537, 15014 21043 29575 41656 58776",
    "4, 5220 7362 10398 14707 20834, 10551 14824 20872 29434 41570",
    "8, 2610 3689 5221 7404 10523, 7453 10488 14782 20863 29482",
    "16, 1315 1862 2642 3761 5376, 5298 7461 10521 14855 21000"
  })
  void plateaus_with_in_context_repetition_are_those_of_the_table(
      int inContext, String tied, String untied) {
    for (int i = 0; i < DIMS.length; i++) {
      assertThat(Toys.with(4096, DIMS[i], inContext, 0).plateau())
          .as("tied, d = %d", DIMS[i])
          .isCloseTo(number(tied, i), TOLERANCE);
      assertThat(Toys.with(4096, DIMS[i], inContext, 0).scores(Scores.UNTIED).plateau())
          .as("untied, d = %d", DIMS[i])
          .isCloseTo(number(untied, i), TOLERANCE);
    }
  }

  @ParameterizedTest(name = "p = {0}")
  @CsvSource({
    "0.1, 19977 26121 32821 39129 44192, 2526 4186 5805",
    "0.2, 16852 19890 22285 23943 25049, 2145 2894 3467",
    "0.4, 11490 12183 12632 12969 13321, 1499 1737 2129"
  })
  void plateaus_with_cross_sample_repetition_are_those_of_the_table(
      double crossSample, String long4096, String short512) {
    for (int i = 0; i < DIMS.length; i++) {
      double time = Toys.with(4096, DIMS[i], 1, crossSample).plateau();
      assertThat(time).as("T = 4096, d = %d", DIMS[i]).isCloseTo(number(long4096, i), TOLERANCE);
      double untied = Toys.with(4096, DIMS[i], 1, crossSample).scores(Scores.UNTIED).plateau();
      assertThat(1 - untied / time).as("untied, d = %d", DIMS[i]).isBetween(0.00005, 0.0012);
    }
    int[] dims = {16, 64, 256};
    for (int i = 0; i < dims.length; i++) {
      assertThat(Toys.with(512, dims[i], 1, crossSample).plateau())
          .as("T = 512, d = %d", dims[i])
          .isCloseTo(number(short512, i), TOLERANCE);
    }
  }

  @ParameterizedTest(name = "T = {0}, d = {1}, B = {2}, {3}")
  @CsvSource({
    "128, 64, 1, TIED, 1382",
    "128, 64, 1, UNTIED, 1376",
    "128, 64, 4, TIED, 388.7",
    "128, 64, 4, UNTIED, 730.8"
  })
  void other_anchors_hold(int length, int dim, int inContext, Scores scores, double time) {
    assertThat(Toys.with(length, dim, inContext, 0).scores(scores).plateau())
        .isCloseTo(time, TOLERANCE);
  }

  @ParameterizedTest(name = "T = {0}, d = {1}, B = {2}, p = {3}")
  @CsvSource({
    "256, 16, 1, 0, 1372, 1368.8",
    "512, 64, 1, 0, 5323, 5319.3",
    "256, 16, 1, 0.4, 784, 781.1"
  })
  void gradient_descent_with_rate_1_takes_a_few_steps_more_than_the_flow(
      int length, int dim, int inContext, double crossSample, double steps, double time) {
    assertThat(Toys.with(length, dim, inContext, crossSample).plateau()).isCloseTo(time, TOLERANCE);
    assertThat(Toys.with(length, dim, inContext, crossSample).descent(1, 0).plateau())
        .isCloseTo(steps, TOLERANCE);
  }

  @ParameterizedTest(name = "level 0.4, T = {0}, d = {1}, p = {2}")
  @CsvSource({"512, 256, 0.4, 1841"})
  void a_higher_level_is_reached_earlier(int length, int dim, double crossSample, double time) {
    Trajectory run =
        Toys.with(length, dim, 1, crossSample)
            .threshold("high", Toys.below("test.loss", 0.4))
            .integrate();
    assertThat(run.crossings().get("high")).isCloseTo(time, TOLERANCE);
  }

  private static double number(String row, int at) {
    return Double.parseDouble(row.split(" ")[at]);
  }
}
