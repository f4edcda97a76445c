package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.backend.Devices;
import dev.emergence.plan.Yaml;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TrainingSpec;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.ShapedArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A run that is given the place of another one has every bit that it has alone, whatever of it is
 * its own: parameters, rates, streams, maps, pools of data, prompts, test sets, strengths of
 * biases, readings. The others do not notice.
 */
class GivenPlacesTest {
  private static final String YAML =
      """
      dsl: 1
      name: places
      task: TASK
      architecture: {kind: transformer, layers: 2, heads: 2, embedding_dim: 8, head_dim: 4, mlp_factor: 1MORE}
      training: {batch_size: 3, max_steps: 100, optimizer: {kind: adam, learning_rate: 1.0e-2}}
      measurement: {evaluate_every: 2, evaluate_samples: 5SETS}
      """;

  private static final String RATE = "training.optimizer.learning_rate=3e-3";

  /** Two runs that may train together. */
  private record Pair(String name, RunConfig before, RunConfig next) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Pair pair(
      String name, String task, boolean biased, String sets, String before, String next) {
    String yaml = YAML.replace("TASK", task).replace("SETS", sets);
    return new Pair(
        name,
        Yaml.experiment(yaml.replace("MORE", biased ? biased(1, 0) : ""), before.split(" ")).base(),
        Yaml.experiment(
                yaml.replace("MORE", biased ? biased(2, 3) : ""), (RATE + " " + next).split(" "))
            .base());
  }

  private static String biased(int toParents, int toPrevious) {
    return ", logit_bias: [{toward: parents, strength: "
        + toParents
        + "}, {toward: previous, strength: "
        + toPrevious
        + ", trainable: true}]";
  }

  private static List<Pair> pairs() {
    String sets = ", test_sets: {test: {}, seen: {cross_sample: as_trained}}";
    return List.of(
        pair(
            "regression",
            "{kind: linear_regression, dim: 3, sequence_length: 5, relevant_position: fixed}",
            false,
            sets + ", attention: {record: [entropy]}",
            "repetition.in_context=1",
            "repetition.in_context=2 repetition.cross_sample=0.4"),
        pair(
            "recall from a data set",
            "{kind: associative_recall, pairs: 2, tokens: 8}",
            true,
            sets,
            "repetition.dataset=4",
            "repetition.dataset=9 repetition.cross_sample=0.3"),
        pair(
            "maps of their own",
            "{kind: linear_map, cells: 4, parents: 2}",
            true,
            ", attention: {record: [iou, parents]}",
            "repetition.dataset=7",
            "repetition.dataset=8"),
        pair(
            "pools of rules",
            "{kind: cellular_automaton, cells: 6, rules: 3}",
            false,
            "",
            "repetition.dataset=5",
            "repetition.dataset=6"),
        pair(
            "prompts",
            "{kind: synthetic_language, vocabulary: 64, sequence_length: 32}",
            false,
            ", test_sets: {pairs: {prompts: repetition}, test: {}}",
            "repetition.in_context=1",
            "repetition.in_context=1"));
  }

  private static Stream<Arguments> pairsOnEveryBackend() {
    Map<String, Supplier<Backend>> backends =
        Map.of(
            "reference", ReferenceBackend::new,
            "cpu", () -> Devices.open("cpu", 1),
            "cuda", CudaUnderTest::open);
    return backends.entrySet().stream()
        .flatMap(b -> pairs().stream().map(p -> Arguments.of(p, b.getKey(), b.getValue())));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("pairsOnEveryBackend")
  void a_run_that_is_given_a_place_trains_as_it_would_alone(
      Pair pair, String name, Supplier<Backend> backends) {
    Start before = new Start(pair.before(), 5);
    Start next = new Start(pair.next(), 9);
    try (Backend backend = backends.get()) {
      try (Training cohort =
              Trainer.create(backend, List.of(before, new Start(pair.before(), 6), before));
          Training first = Trainer.create(backend, List.of(before));
          Training second = Trainer.create(backend, List.of(next))) {
        cohort.evaluate();
        cohort.pictures(1);
        cohort.train(3);
        cohort.evaluate();
        cohort.enter(1, next);
        first.train(3);
        assertSame(cohort, 1, second);
        assertSame(cohort, 0, first);
        cohort.train(3);
        second.train(3);
        assertSame(cohort, 1, second);
        // It stands where the run before it stood, so that batches drawn ahead are of its steps.
        cohort.enter(1, new Start(pair.before(), 5, Optional.of(first.snapshot(0))));
        assertSame(cohort, 1, first);
        cohort.train(2);
        first.train(2);
        assertSame(cohort, 1, first);
        first.train(3);
        assertSame(cohort, 0, first);
        assertSame(cohort, 2, first);
      }
      assertThat(backend.allocatedBytes()).isZero();
    }
  }

  private static void assertSame(Training cohort, int replica, Training alone) {
    assertThat(cohort.step(replica)).isEqualTo(alone.step(0));
    assertThat(cohort.evaluate()[replica]).containsExactly(alone.evaluate()[0]);
    Map<String, ShapedArray> wanted = alone.snapshot(0).arrays();
    Map<String, ShapedArray> found = cohort.snapshot(replica).arrays();
    assertThat(found.keySet()).isEqualTo(wanted.keySet());
    wanted.forEach(
        (name, array) ->
            assertThat(found.get(name).values()).as(name).containsExactly(array.values()));
    assertThat(cohort.pictures(replica)).usingRecursiveComparison().isEqualTo(alone.pictures(0));
    assertThat(cohort.trueKeys(replica)).isDeepEqualTo(alone.trueKeys(0));
  }

  @Test
  void a_place_of_a_run_that_has_diverged_is_given_on() {
    RunConfig tame = pairs().get(0).before();
    TrainingSpec training = tame.training();
    RunConfig wild =
        Defaults.change(
            tame,
            Map.of(
                "training",
                Defaults.change(
                    training, Map.of("optimizer", training.optimizer().withLearningRate(1e30)))));
    try (Backend backend = Devices.open("cpu", 1);
        Training both = Trainer.create(backend, List.of(wild, tame), List.of(3, 4));
        Training alone = Trainer.create(backend, List.of(tame), List.of(8))) {
      both.train(60);
      assertThat(both.divergedAt(0)).isPresent();
      both.enter(0, new Start(tame, 8));
      assertThat(both.divergedAt(0)).isEmpty();
      both.train(4);
      alone.train(4);
      assertSame(both, 0, alone);
    }
  }

  @Test
  void a_run_of_other_shapes_is_refused() {
    List<Pair> pairs = pairs();
    try (Backend backend = new ReferenceBackend();
        Training training = Trainer.create(backend, List.of(pairs.get(0).before()), List.of(1));
        Training pair =
            Trainer.create(
                backend, List.of(pairs.get(2).before(), pairs.get(2).before()), List.of(1, 2))) {
      assertThatThrownBy(() -> pair.enter(0, new Start(pairs.get(3).before(), 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must have equal");
      assertThatThrownBy(() -> training.enter(0, new Start(pairs.get(3).before(), 1)))
          .as("the only run is replaced")
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must have equal");
    }
  }
}
