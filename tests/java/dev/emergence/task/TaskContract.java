package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.emergence.spec.Loss;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.RandomStream.Purpose;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.StepProgram;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What every task must do: a public test kit, run for each task on a backend. */
public interface TaskContract {

  /** The backend; not closed by the contract. */
  Backend backend();

  /**
   * A small configuration with test sets {@code test} and {@code twin} of equal content.
   *
   * @param sets {@code path=value}
   */
  RunConfig config(String... sets);

  /** Configurations of equal shapes that differ in more than the seed; one by default. */
  default List<RunConfig> variants() {
    return List.of(config());
  }

  /** Test sets on which the ground truth is checked too. */
  default List<String> checkedSets() {
    return List.of("test");
  }

  /**
   * Fails unless the target of each sequence follows from its relevant tokens and what is fixed for
   * the seed.
   */
  void checkGroundTruth(int seed, RunConfig config, TestBatch batch);

  /** A batch as contracts of other packages see it: one replica's tensors on the host. */
  record TestBatch(int samples, int length, double[] input, double[] target, int[] relevant) {
    static TestBatch of(Drawn d) {
      return new TestBatch(d.samples(), d.length(), d.input(), d.target(), d.relevant());
    }
  }

  private Lab lab(Replica... replicas) {
    return new Lab(backend(), List.of(replicas));
  }

  @Test
  default void a_batch_has_the_shape_that_the_task_declares() {
    try (Lab lab = lab(new Replica(config(), 1), new Replica(config(), 2))) {
      Prediction shape = config().task().predicts();
      Batch batch = lab.task().training(3);
      DType type = shape.discrete() ? DType.I32 : DType.F32;
      assertThat(batch.input().dtype()).isEqualTo(type);
      assertThat(batch.input().shape())
          .containsExactly(
              shape.discrete()
                  ? new long[] {2, 3, shape.length()}
                  : new long[] {2, 3, shape.length(), shape.inputs()});
      boolean classes = shape.loss() == Loss.CROSS_ENTROPY;
      int scored = shape.scored().count();
      assertThat(batch.target().dtype()).isEqualTo(classes ? DType.I32 : DType.F32);
      assertThat(batch.target().shape())
          .containsExactly(
              classes ? new long[] {2, 3, scored} : new long[] {2, 3, scored, shape.outputs()});
      assertThat(batch.parents()).allSatisfy(p -> assertThat(p.sequences()).isIn(1, 3));
      Drawn drawn = lab.draw(batch, 5, 1);
      if (shape.discrete()) {
        assertThat(Arrays.stream(drawn.input()))
            .allSatisfy(token -> assertThat(token).isBetween(0.0, shape.inputs() - 1.0));
      }
      assertThat(Arrays.stream(drawn.relevant())).allMatch(mark -> mark == 0 || mark == 1);
    }
  }

  @Test
  default void targets_follow_from_relevant_tokens() {
    for (RunConfig config : variants()) {
      try (Lab lab = lab(new Replica(config, 7))) {
        checkGroundTruth(7, config, TestBatch.of(lab.training(20, 3)));
        for (String set : checkedSets()) {
          checkGroundTruth(7, config, TestBatch.of(lab.test(set, 20, 3)));
        }
      }
    }
  }

  @Test
  default void a_batch_is_a_function_of_seed_and_step_alone() {
    RunConfig config = variants().get(0);
    RunConfig other = variants().get(variants().size() - 1);
    try (Lab alone = lab(new Replica(config, 4));
        Lab among = lab(new Replica(config, 9), new Replica(other, 5), new Replica(config, 4))) {
      Drawn want = alone.training(6, 8);
      assertThat(alone.training(6, 9).same(want)).isFalse();
      alone.test("test", 6, 8);
      assertThat(alone.training(6, 8).same(want)).isTrue();
      Batch batch = among.task().training(6);
      among.draw(batch, 100, 2);
      assertThat(among.draw(batch, 8, 2).same(want)).isTrue();
      assertThat(among.draw(batch, 8, 0).same(want)).isFalse();
    }
  }

  @Test
  default void a_smaller_batch_holds_the_first_sequences_of_a_larger_one() {
    try (Lab lab = lab(new Replica(config(), 4))) {
      Drawn large = lab.training(9, 2);
      Drawn small = lab.training(5, 2);
      assertThat(small.input()).containsExactly(Arrays.copyOf(large.input(), small.input().length));
      assertThat(small.target())
          .containsExactly(Arrays.copyOf(large.target(), small.target().length));
    }
  }

  @Test
  default void training_and_test_streams_share_nothing_and_test_sets_are_paired() {
    try (Lab lab = lab(new Replica(config(), 4));
        Lab other = lab(new Replica(config(), 5))) {
      for (int step = 0; step < 4; step++) {
        assertThat(lab.training(4, step).same(lab.test("test", 4, step))).isFalse();
        assertThat(lab.test("twin", 4, step).same(lab.test("test", 4, step))).isTrue();
        assertThat(other.training(4, step).same(lab.training(4, step))).isFalse();
        assertThat(other.test("test", 4, step).same(lab.test("test", 4, step))).isFalse();
      }
    }
  }

  @Test
  default void a_data_set_holds_the_first_sequences_of_batch_0_and_tests_are_not_drawn_from_it() {
    int size = 3;
    Replica limited = new Replica(config("repetition.dataset=" + size), 4);
    Replica endless = new Replica(config(), 4);
    try (Lab lab = lab(limited, endless)) {
      Batch training = lab.task().training(8);
      Drawn set = lab.draw(training, 0, 1);
      Set<Integer> seen = new TreeSet<>();
      for (int step : new int[] {1, 2, 70000}) {
        Drawn drawn = lab.draw(training, step, 0);
        for (int n = 0; n < 8; n++) {
          int chosen = limited.stream(Purpose.DATA).place(size, step, n).sample();
          assertThat(drawn.sequence(n)).containsExactly(set.sequence(chosen));
          assertThat(drawn.target(n)).containsExactly(set.target(chosen));
          assertThat(drawn.relevant(n)).containsExactly(set.relevant(chosen));
          seen.add(chosen);
        }
      }
      assertThat(seen).containsExactly(0, 1, 2);
      Batch test = lab.task().test("test", 8);
      assertThat(lab.draw(test, 1, 0).same(lab.draw(test, 1, 1))).isTrue();
    }
  }

  @Test
  default void draws_are_recorded_with_a_step_on_the_device() {
    try (Lab lab = lab(new Replica(config(), 4), new Replica(config(), 5));
        Scope scope = new Scope(backend())) {
      Batch recorded = lab.task().training(3);
      Batch direct = lab.task().training(3);
      recorded.parents();
      Tensor step = lab.step();
      backend().write(step, new int[] {6, 6});
      Tensor stoppedAt = scope.ints(2);
      try (StepProgram program =
          backend()
              .record(
                  () -> {
                    backend().advance(step, stoppedAt);
                    recorded.draw(step);
                  })) {
        program.run();
        program.run();
      }
      Drawn got = Drawn.read(backend(), recorded, 1);
      assertThat(got.same(lab.draw(direct, 8, 1))).isTrue();
    }
  }

  @Test
  default void levels_start_with_the_oracle_and_speak_of_known_metrics() {
    try (Lab lab = lab(new Replica(config(), 4))) {
      List<Level> levels = lab.task().levels(0, "test");
      assertThat(levels.get(0).name()).isEqualTo("oracle");
      for (String metric : config().task().predicts().loss().metrics()) {
        List<Level> same = levels.stream().filter(level -> level.metric().equals(metric)).toList();
        assertThat(same)
            .extracting(Level::name)
            .contains("oracle", "blind")
            .doesNotHaveDuplicates();
        double oracle = same.get(0).value();
        double sign = metric.equals("accuracy") ? -1 : 1;
        assertThat(same)
            .allSatisfy(
                level ->
                    assertThat(sign * level.value())
                        .isFinite()
                        .isGreaterThanOrEqualTo(sign * oracle));
      }
      assertThat(levels)
          .allSatisfy(
              level ->
                  assertThat(config().task().predicts().loss().metrics()).contains(level.metric()));
    }
  }

  @Test
  default void an_unknown_test_set_is_refused_with_the_known_ones() {
    try (Lab lab = lab(new Replica(config(), 4))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> lab.task().test("tset", 3))
          .withMessageContaining("'tset'")
          .withMessageContaining(
              "known: "
                  + String.join(", ", new TreeSet<>(config().measurement().testSets().keySet())));
    }
  }

  @Test
  default void replicas_whose_tests_differ_are_refused() {
    RunConfig other = config("measurement.test_sets={alone: {}}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> lab(new Replica(config(), 4), new Replica(other, 4)))
        .withMessageContaining("measurement.test_sets")
        .withMessageContaining("replica 1");
  }

  @Test
  default void memory_belongs_to_the_scope() {
    long before = backend().allocatedBytes();
    try (Lab lab = lab(new Replica(config(), 4))) {
      lab.training(8, 1);
      lab.test("test", 8, 1);
      assertThat(backend().allocatedBytes()).isGreaterThan(before);
    }
    assertThat(backend().allocatedBytes()).isEqualTo(before);
  }
}
