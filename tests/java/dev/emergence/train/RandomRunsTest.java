package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.backend.Devices;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.ShapedArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random runs on the cpu backend; and the reference's steps follow the loss that it reports. */
class RandomRunsTest extends RandomRunsContract {
  @Override
  Backend backend() {
    return Devices.open("cpu", 1);
  }

  /** Gradient descent at rate 1 moves by the gradient. ReLU has corners, which differences see. */
  @ParameterizedTest
  @MethodSource("others")
  void a_step_of_gradient_descent_is_the_slope_of_the_reported_loss(String file) {
    RunConfig config = descending(file, "architecture.activation=gelu");
    try (Backend backend = new ReferenceBackend();
        Training training = Trainer.create(backend, List.of(config), List.of(SEED))) {
      Snapshot start = training.snapshot(0);
      Map<String, ShapedArray> gradient = movement(training);
      Map<String, double[]> direction = direction(gradient);
      double slope = 0;
      double size = 0;
      for (String name : gradient.keySet()) {
        double[] slopes = gradient.get(name).values();
        for (int i = 0; i < slopes.length; i++) {
          slope += direction.get(name)[i] * slopes[i];
          size += Math.abs(direction.get(name)[i] * slopes[i]);
        }
      }
      double h = 1e-6;
      double up = loss(training, config, moved(start, direction, h));
      double down = loss(training, config, moved(start, direction, -h));
      assertThat(slope).isCloseTo((up - down) / (2 * h), within(1e-7 + 1e-6 * size));
    }
  }

  /** From every parameter, so that any wrong entry of a gradient changes the slope. */
  private static Map<String, double[]> direction(Map<String, ShapedArray> like) {
    Random random = new Random(5);
    Map<String, double[]> out = new LinkedHashMap<>();
    like.forEach(
        (name, array) -> out.put(name, random.doubles(array.values().length, 1, 2).toArray()));
    return out;
  }

  private static Snapshot moved(Snapshot start, Map<String, double[]> direction, double by) {
    Map<String, ShapedArray> arrays = new LinkedHashMap<>(start.arrays());
    direction.forEach(
        (name, along) -> {
          double[] values = arrays.get(name).values().clone();
          for (int i = 0; i < values.length; i++) {
            values[i] += by * along[i];
          }
          arrays.put(name, new ShapedArray(arrays.get(name).shape(), values));
        });
    return new Snapshot(start.step(), arrays);
  }

  /** The loss of the first batch. */
  private static double loss(Training training, RunConfig config, Snapshot from) {
    training.enter(0, new Start(config, SEED, Optional.of(from)));
    training.train(1);
    return training.snapshot(0).array("batch.loss").values()[0];
  }
}
