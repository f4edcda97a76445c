package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.emergence.spec.Defaults;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.ParameterGroup;
import dev.emergence.spec.Rates;
import dev.emergence.spec.RepetitionSpec.Change;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.ScheduleSpec;
import dev.emergence.spec.TrainingSpec;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.ShapedArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What training owes on any backend: it learns, goes on bit for bit from a snapshot, and its
 * replicas do not see each other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TrainingContract {
  private Backend backend;

  /** A fresh backend. */
  abstract Backend backend();

  @BeforeEach
  void open() {
    backend = backend();
  }

  @AfterEach
  void nothing_is_left_in_memory() {
    assertThat(backend.allocatedBytes()).isZero();
    backend.close();
  }

  Training train(TinyRun run, Integer... seeds) {
    return Trainer.create(
        backend, Stream.generate(run::config).limit(seeds.length).toList(), List.of(seeds));
  }

  static Stream<TinyRun> kinds() {
    Change later = new Change(Optional.of(3.0), Optional.empty(), Optional.of(2), Optional.of(0.7));
    return Stream.of(
        TinyRun.regression(),
        TinyRun.recall().clip(0.1).schedule(new ScheduleSpec.Cosine(3, 9, 0.1)),
        TinyRun.regression()
            .optimizer(new OptimizerSpec.AdamW(3e-3, 0.8, 0.95, 1e-7, 0.3))
            .schedule(new ScheduleSpec.Constant(5)),
        TinyRun.recall()
            .optimizer(new OptimizerSpec.Sgd(1e-2, 0.5))
            .repetition(TinyRun.repetition(1, 0.2, later)),
        TinyRun.recall()
            .optimizer(new OptimizerSpec.AdamW(3e-3, 0.8, 0.95, 1e-7, 0.3, grouped()))
            .schedule(new ScheduleSpec.Constant(5)),
        TinyRun.recall()
            .optimizer(
                Defaults.with(
                    OptimizerSpec.Muon.class,
                    Map.of("groups", grouped().groups(), "scale", grouped().scale()))));
  }

  private static Rates grouped() {
    ParameterGroup slow =
        new ParameterGroup("matrices", Optional.empty(), Optional.of(0.3), Optional.of(0.0), false);
    ParameterGroup frozen =
        new ParameterGroup("norms", Optional.empty(), Optional.empty(), Optional.empty(), true);
    return new Rates(List.of(slow, frozen), Rates.Scale.FAN_IN);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void a_training_goes_on_from_its_snapshot_bit_for_bit(TinyRun run) {
    try (Training whole = train(run, 5, 8);
        Training first = train(run, 5, 8);
        Training second = train(run, 105, 108)) {
      whole.trainTo(6);
      first.trainTo(2);
      // The second one must forget all that it did and was.
      second.trainTo(1);
      if (run.config().repetition().crossSample() == 0
          && run.config().repetition().changes().isEmpty()) {
        assertThat(first.snapshot(0).arrays().keySet())
            .noneMatch(name -> name.startsWith("repetition"));
      }
      goOn(second, 0, run, 5, first.snapshot(0));
      goOn(second, 1, run, 8, first.snapshot(1));
      assertThat(second.step(1)).isEqualTo(2);
      assertSame(second, first);
      second.trainTo(6);
      assertSame(second, whole);
      try (Training fresh = going(run, first, 5, 8)) {
        fresh.trainTo(6);
        assertSame(fresh, whole);
        assertThat(fresh.evaluate()).isDeepEqualTo(whole.evaluate());
      }
    }
  }

  private static void goOn(Training training, int replica, TinyRun run, int seed, Snapshot from) {
    training.enter(replica, new Start(run.config(), seed, Optional.of(from)));
  }

  /** As many replicas, which go on where those of another training stand. */
  private Training going(TinyRun run, Training from, int... seeds) {
    return Trainer.create(
        backend,
        IntStream.range(0, seeds.length)
            .mapToObj(r -> new Start(run.config(), seeds[r], Optional.of(from.snapshot(r))))
            .toList());
  }

  private static void assertSame(Training actual, Training expected) {
    for (int r = 0; r < expected.replicas(); r++) {
      Map<String, ShapedArray> wanted = expected.snapshot(r).arrays();
      Map<String, ShapedArray> found = actual.snapshot(r).arrays();
      assertThat(found.keySet()).isEqualTo(wanted.keySet());
      for (String name : wanted.keySet()) {
        assertThat(found.get(name).values())
            .as("%s of replica %d", name, r)
            .containsExactly(wanted.get(name).values());
      }
    }
  }

  @Test
  void evaluating_and_taking_pictures_changes_nothing_of_what_is_trained() {
    try (Training watched = train(TinyRun.recall(), 5);
        Training alone = train(TinyRun.recall(), 5)) {
      for (int step = 1; step <= 4; step++) {
        watched.evaluate();
        watched.pictures(0);
        watched.trainTo(step);
      }
      alone.trainTo(4);
      assertSame(watched, alone);
    }
  }

  @Test
  void a_replica_trains_as_it_would_alone() {
    TinyRun slow =
        TinyRun.recall().optimizer(TinyRun.adam(1e-3)).repetition(TinyRun.repetition(2, 0.5));
    List<RunConfig> configs =
        List.of(TinyRun.recall().config(), slow.config(), TinyRun.recall().config());
    try (Training cohort = Trainer.create(backend, configs, List.of(5, 6, 7));
        Training alone = train(slow, 6)) {
      cohort.trainTo(3);
      alone.trainTo(3);
      Snapshot expected = alone.snapshot(0);
      Snapshot found = cohort.snapshot(1);
      assertSame(found, expected);
      assertNumbers("measured", cohort.evaluate()[1], alone.evaluate()[0]);
    }
  }

  @Test
  void compacting_a_cohort_changes_no_bit_of_those_that_stay_and_frees_the_memory_of_the_others() {
    TinyRun run = TinyRun.recall().clip(0.1);
    Training all = train(run, 5, 6, 7, 8);
    long four = backend.allocatedBytes();
    all.trainTo(3);
    try (Training two = train(run, 6, 8)) {
      long both = backend.allocatedBytes();
      goOn(two, 0, run, 6, all.snapshot(1));
      goOn(two, 1, run, 8, all.snapshot(3));
      all.trainTo(6);
      two.trainTo(6);
      double[][] whole = all.evaluate();
      double[][] compacted = two.evaluate();
      for (int[] pair : new int[][] {{0, 1}, {1, 3}}) {
        assertSame(two.snapshot(pair[0]), all.snapshot(pair[1]));
        assertNumbers("measured", compacted[pair[0]], whole[pair[1]]);
      }
      all.close();
      assertThat(backend.allocatedBytes()).isEqualTo(both - four).isBetween(1L, four - 1);
    }
  }

  private static void assertSame(Snapshot found, Snapshot expected) {
    assertThat(found.arrays().keySet()).isEqualTo(expected.arrays().keySet());
    expected
        .arrays()
        .forEach((name, array) -> assertNumbers(name, found.array(name).values(), array.values()));
  }

  /** Not in a bit different. */
  private static void assertNumbers(String name, double[] found, double[] expected) {
    assertThat(found).as(name).containsExactly(expected);
  }

  @Test
  void training_lowers_the_test_loss() {
    for (TinyRun run : List.of(TinyRun.regression(), TinyRun.recall())) {
      try (Training training = train(run.measured(64, List.of(), "test"), 5)) {
        int column = training.columns().indexOf("test.loss");
        double before = training.evaluate()[0][column];
        training.trainTo(300);
        assertThat(training.evaluate()[0][column]).as("%s", run.task()).isLessThan(0.75 * before);
        assertThat(training.divergedAt(0)).isEmpty();
      }
    }
  }

  @Test
  void a_replica_whose_loss_is_not_finite_stays_as_it_was_before_that_step() {
    TinyRun wild = TinyRun.regression().optimizer(new OptimizerSpec.Sgd(1e20, 0.5));
    TinyRun tame = TinyRun.regression().optimizer(new OptimizerSpec.Sgd(1e-3, 0.5));
    try (Training training =
        Trainer.create(backend, List.of(tame.config(), wild.config()), List.of(5, 5))) {
      Snapshot before = training.snapshot(1);
      while (training.divergedAt(1).isEmpty() && training.step(1) < 40) {
        before = training.snapshot(1);
        training.train(1);
      }
      assertThat(training.divergedAt(1)).hasValue(training.step(1));
      Snapshot stopped = training.snapshot(1);
      assertThat(Double.isFinite(stopped.array("batch.loss").values()[0])).isFalse();
      for (String name : before.arrays().keySet()) {
        if (name.endsWith("weight") || name.endsWith("bias")) {
          assertNumbers(name, stopped.array(name).values(), before.array(name).values());
        }
      }
      training.train(5);
      assertSame(training.snapshot(1), stopped);
      assertThat(training.divergedAt(0)).isEmpty();
      assertThat(training.evaluate()[0]).doesNotContain(Double.NaN);
    }
  }

  @Test
  void a_replica_diverges_alike_alone_beside_others_and_after_a_restart() {
    TinyRun wild = TinyRun.regression().optimizer(TinyRun.adam(1e30)).clip(1e6);
    TinyRun tame = TinyRun.regression().optimizer(TinyRun.adam(1e-3)).clip(1e6);
    List<RunConfig> configs = List.of(tame.config(), wild.config(), tame.config());
    try (Training cohort = Trainer.create(backend, configs, List.of(5, 6, 7));
        Training alone = train(wild, 6);
        Training calm = train(tame, 5, 7);
        Training resumed = Trainer.create(backend, configs, List.of(5, 6, 7))) {
      for (long step : new long[] {1, 6}) {
        cohort.trainTo(step);
        for (int r = 0; r < 3; r++) {
          resumed.enter(r, new Start(configs.get(r), 5 + r, Optional.of(cohort.snapshot(r))));
        }
        resumed.trainTo(9);
        for (int r = 0; r < 3; r++) {
          resumed.enter(r, new Start(configs.get(r), 5 + r, Optional.of(resumed.snapshot(r))));
        }
        resumed.trainTo(12);
      }
      List.of(cohort, alone, calm).forEach(training -> training.trainTo(12));
      assertThat(cohort.divergedAt(1)).isPresent().isEqualTo(alone.divergedAt(0));
      assertThat(cohort.divergedAt(1).getAsLong()).isBetween(2L, 5L);
      assertSame(resumed, cohort);
      assertSame(cohort.snapshot(0), calm.snapshot(0));
      assertSame(cohort.snapshot(1), alone.snapshot(0));
      assertSame(cohort.snapshot(2), calm.snapshot(1));
    }
  }

  @Test
  void replicas_that_differ_in_more_than_they_may_are_refused() {
    RunConfig a = TinyRun.regression().config();
    RunConfig clipped = TinyRun.regression().clip(1).config();
    assertThatThrownBy(() -> Trainer.create(backend, List.of(a, clipped), List.of(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must have equal training")
        .hasMessageContaining("replica 1");
    assertThatThrownBy(() -> Trainer.create(backend, List.of(a), List.of(1, 2)))
        .hasMessageContaining("as many seeds as runs");
  }

  @Test
  void a_precision_that_the_device_lacks_is_refused_and_not_replaced() {
    RunConfig plain = TinyRun.regression().config();
    TrainingSpec coarse =
        Defaults.change(plain.training(), Map.of("precision", TrainingSpec.Precision.BF16));
    RunConfig config =
        new RunConfig(
            plain.task(), plain.repetition(), plain.architecture(), coarse, plain.measurement());
    assumeTrue(!backend.name().equals("cuda"), "cuda has tensor cores");
    assertThatThrownBy(() -> Trainer.create(backend, List.of(config), List.of(1)))
        .hasMessage(
            backend.name()
                + " has no bf16 arithmetic; write precision: float32, or use device cuda");
  }

  @Test
  void snapshots_of_another_model_and_steps_back_are_refused() {
    try (Training regression = train(TinyRun.regression(), 1, 2);
        Training recall = train(TinyRun.recall(), 1)) {
      Snapshot early = regression.snapshot(0);
      regression.trainTo(1);
      assertThatThrownBy(() -> goOn(recall, 0, TinyRun.recall(), 1, early))
          .hasMessageContaining("'embedding.weight' has shape [8, 3]");
      Start wrong = new Start(TinyRun.recall().config(), 1, Optional.of(early));
      assertThatThrownBy(() -> Trainer.create(backend, List.of(wrong)))
          .hasMessageContaining("'embedding.weight' has shape [8, 3]");
      assertThatThrownBy(() -> regression.trainTo(0))
          .hasMessage("cannot train back to step 0 from 1");
      assertThatThrownBy(() -> regression.train(-1)).hasMessage("cannot take -1 steps");
      goOn(regression, 1, TinyRun.regression(), 2, early);
      assertThatThrownBy(() -> regression.trainTo(3))
          .hasMessage("replicas stand at different steps, 1 and 0");
    }
  }
}
