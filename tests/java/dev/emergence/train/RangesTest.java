package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.tensor.Backend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The time line of a step as a profiler shows it. */
class RangesTest {
  @Test
  void a_step_is_ranges_of_its_phases_and_those_of_its_blocks() {
    List<String> ranges = new ArrayList<>();
    try (Backend backend = noting(new ReferenceBackend(), ranges);
        Training training =
            Trainer.create(backend, List.of(TinyRun.regression().config()), List.of(1))) {
      String step =
          String.join(
              " ",
              "sample",
              "forward blocks.0.attention blocks.0.mlp blocks.1.attention blocks.1.mlp",
              "loss",
              "backward blocks.1.mlp blocks.1.attention blocks.0.mlp blocks.0.attention",
              "optimiser");
      assertThat(String.join(" ", ranges)).contains(step);
      int recorded = ranges.size();
      training.trainTo(2);
      assertThat(ranges).as("a program is replayed, not called again").hasSize(recorded);
    }
  }

  private static Backend noting(Backend backend, List<String> ranges) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("range")) {
                ranges.add((String) arguments[0]);
              }
              try {
                return method.invoke(backend, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
