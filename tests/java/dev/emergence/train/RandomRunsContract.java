package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.ShapedArray;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What training owes where options meet, whatever a file combines, on any backend: neither a stop
 * nor an evaluation nor company changes a bit, and a step is that of the reference.
 */
abstract class RandomRunsContract {
  static final int SEED = 3;
  private static final int STEPS = 6;

  /** A fresh backend. */
  abstract Backend backend();

  static Stream<String> some() {
    return RandomRuns.files(29, 30);
  }

  @ParameterizedTest
  @MethodSource("some")
  void a_run_that_stopped_or_was_watched_or_had_company_has_the_same_bits(String file) {
    int stop = 1 + Math.floorMod(file.hashCode(), STEPS - 1);
    RunConfig config = RandomRuns.config(file);
    RunConfig faster = withRate(config, 3e-2);
    try (Backend backend = backend();
        Training alone = Trainer.create(backend, List.of(config), List.of(SEED));
        Training cohort =
            Trainer.create(backend, List.of(faster, config), List.of(SEED + 1, SEED))) {
      alone.trainTo(STEPS);
      cohort.trainTo(stop);
      cohort.evaluate();
      Start goesOn = new Start(config, SEED, Optional.of(cohort.snapshot(1)));
      cohort.trainTo(STEPS);
      assertSame("beside another", cohort.snapshot(1), alone.snapshot(0));
      cohort.enter(0, goesOn);
      cohort.evaluate();
      cohort.train(STEPS - stop);
      assertSame("stopped at " + stop, cohort.snapshot(0), alone.snapshot(0));
      assertThat(cohort.evaluate()[0]).containsExactly(alone.evaluate()[0]);
    }
  }

  private static RunConfig withRate(RunConfig c, double rate) {
    return new RunConfig(
        c.task(),
        c.repetition(),
        c.architecture(),
        Defaults.change(
            c.training(), Map.of("optimizer", c.training().optimizer().withLearningRate(rate))),
        c.measurement());
  }

  private static void assertSame(String what, Snapshot found, Snapshot wanted) {
    assertThat(found.arrays().keySet()).isEqualTo(wanted.arrays().keySet());
    wanted
        .arrays()
        .forEach(
            (name, array) ->
                assertThat(found.array(name).values())
                    .as("%s: %s", what, name)
                    .containsExactly(array.values()));
  }

  static Stream<String> others() {
    return RandomRuns.files(31, 30);
  }

  /** The reference computes every token of the last layer, also where one alone is read. */
  @ParameterizedTest
  @MethodSource("others")
  void a_step_is_that_of_the_reference_without_shortcuts(String file) {
    RunConfig config = descending(file);
    try (Backend backend = backend();
        Backend exact = new ReferenceBackend();
        Training training = Trainer.create(backend, List.of(config), List.of(SEED));
        Training reference = Trainer.create(exact, List.of(config), List.of(SEED), false)) {
      reference.enter(0, new Start(config, SEED, Optional.of(training.snapshot(0))));
      Map<String, ShapedArray> found = movement(training);
      Map<String, ShapedArray> wanted = movement(reference);
      double largest =
          wanted.values().stream()
              .flatMapToDouble(array -> Arrays.stream(array.values()))
              .map(Math::abs)
              .max()
              .orElseThrow();
      for (String name : wanted.keySet()) {
        double[] want = wanted.get(name).values();
        double[] got = found.get(name).values();
        for (int i = 0; i < want.length; i++) {
          assertThat(got[i])
              .as("%s, element %d", name, i)
              .isCloseTo(want[i], within(1e-6 + 2e-5 * largest));
        }
      }
    }
  }

  static RunConfig descending(String file, String... sets) {
    String[] all = Arrays.copyOf(sets, sets.length + 3);
    all[sets.length] = "training.optimizer={kind: sgd, learning_rate: 1}";
    all[sets.length + 1] = "training.schedule={kind: constant, warmup_steps: 0}";
    all[sets.length + 2] = "training.gradient_clip=0";
    return RandomRuns.config(file, all);
  }

  /** Takes the first step and tells by how much it lowered each parameter. */
  static Map<String, ShapedArray> movement(Training training) {
    Map<String, ShapedArray> before = training.parameters(0);
    training.train(1);
    Map<String, ShapedArray> after = training.parameters(0);
    Map<String, ShapedArray> moved = new LinkedHashMap<>();
    before.forEach(
        (name, array) -> {
          double[] by = array.values().clone();
          for (int i = 0; i < by.length; i++) {
            by[i] -= after.get(name).values()[i];
          }
          moved.put(name, new ShapedArray(array.shape(), by));
        });
    return moved;
  }
}
