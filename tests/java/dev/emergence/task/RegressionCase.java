package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec.LinearRegression;
import java.util.stream.IntStream;

/** Linear regression, for the contract of tasks on any backend. */
interface RegressionCase extends RepeatingTaskContract {
  @Override
  default RunConfig config(String... sets) {
    return Configs.regression(Configs.withTestSets(sets));
  }

  @Override
  default void checkGroundTruth(int seed, RunConfig config, TestBatch batch) {
    LinearRegression spec = (LinearRegression) config.task();
    double[] w = RegressionConstants.draw(spec, seed).target();
    double rounding = backend().name().equals("reference") ? 1e-12 : 1e-5;
    int d = spec.dim();
    int width = batch.input().length / (batch.samples() * batch.length());
    for (int n = 0; n < batch.samples(); n++) {
      int row = n * batch.length();
      int[] relevant =
          IntStream.range(0, batch.length()).filter(l -> batch.relevant()[row + l] == 1).toArray();
      assertThat(relevant).isNotEmpty();
      for (int l : relevant) {
        for (int i = 0; i < d; i++) {
          double y = 0;
          for (int j = 0; j < d; j++) {
            y += w[i * d + j] * batch.input()[(row + l) * width + j];
          }
          assertThat(batch.target()[n * d + i]).isCloseTo(y, within(rounding));
        }
      }
    }
  }
}
