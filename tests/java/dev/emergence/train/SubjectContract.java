package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.RunConfig;
import dev.emergence.task.Replica;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.ShapedArray;
import dev.emergence.train.HeadChange.Head;
import dev.emergence.train.HeadChange.How;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What changing heads owes on any backend; two layers of two heads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SubjectContract {
  private static final int SEED = 7;
  private static final String LOSS = "test.loss";

  private Backend backend;

  /** A fresh backend. */
  abstract Backend backend();

  /** What the backend rounds to, relative to a loss of about 1. */
  abstract double rounding();

  @BeforeEach
  void open() {
    backend = backend();
  }

  @AfterEach
  void nothing_is_left_in_memory() {
    assertThat(backend.allocatedBytes()).isZero();
    backend.close();
  }

  static Stream<TinyRun> runs() {
    return Stream.of(TinyRun.regression(), TinyRun.recall());
  }

  /** A model before and after some training, and its own measurement after it. */
  private record Trained(
      Replica run, Map<String, ShapedArray> before, Map<String, ShapedArray> after, double loss) {}

  private Trained trained(TinyRun tiny) {
    RunConfig config = tiny.optimizer(TinyRun.adam(0.05)).config();
    try (Training training = Trainer.create(backend, List.of(config), List.of(SEED))) {
      Map<String, ShapedArray> before = training.parameters(0);
      training.trainTo(12);
      double loss = training.evaluate()[0][training.columns().indexOf(LOSS)];
      return new Trained(new Replica(config, SEED), before, training.parameters(0), loss);
    }
  }

  private double measure(
      Replica run,
      Map<String, ShapedArray> weights,
      Optional<Map<String, ShapedArray>> donor,
      HeadChange change) {
    try (Subject subject = TestSubject.create(backend, run, LOSS, weights, donor, () -> {})) {
      return subject.measure(List.of(change))[0];
    }
  }

  private static Set<Head> all() {
    return Set.of(new Head(1, 1), new Head(1, 2), new Head(2, 1), new Head(2, 2));
  }

  /** No heads, each head, and all of them. */
  private static List<HeadChange> changes(How how) {
    List<HeadChange> out = new ArrayList<>(List.of(HeadChange.NONE));
    all().stream().sorted().forEach(head -> out.add(new HeadChange(how, Set.of(head))));
    out.add(new HeadChange(how, all()));
    return out;
  }

  @ParameterizedTest
  @MethodSource("runs")
  void a_model_as_it_is_measures_what_its_training_measured(TinyRun tiny) {
    Trained t = trained(tiny);
    assertThat(measure(t.run(), t.after(), Optional.empty(), HeadChange.NONE))
        .isCloseTo(t.loss(), within(rounding()))
        .isNotEqualTo(measure(t.run(), t.before(), Optional.empty(), HeadChange.NONE));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void a_models_own_patterns_change_not_a_bit(TinyRun tiny) {
    Trained t = trained(tiny);
    try (Subject subject =
        TestSubject.create(backend, t.run(), LOSS, t.after(), Optional.of(t.after()), () -> {})) {
      double[] measured = subject.measure(changes(How.REPLACE));
      assertThat(Arrays.stream(measured).distinct().toArray()).containsExactly(measured[0]);
      assertThat(subject.measure(changes(How.ZERO)))
          .as("other changes do change it")
          .doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void all_patterns_of_a_model_that_differs_in_queries_and_keys_alone_make_it_that_model(
      TinyRun tiny) {
    Trained t = trained(tiny);
    Map<String, ShapedArray> donor = new LinkedHashMap<>(t.before());
    t.after()
        .forEach(
            (name, array) -> {
              if (name.contains("attention.query") || name.contains("attention.key")) {
                donor.put(name, array);
              }
            });
    double asDonor = measure(t.run(), donor, Optional.empty(), HeadChange.NONE);
    assertThat(measure(t.run(), t.before(), Optional.of(donor), new HeadChange(How.REPLACE, all())))
        .isEqualTo(asDonor)
        .isNotEqualTo(measure(t.run(), t.before(), Optional.empty(), HeadChange.NONE));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void a_head_that_is_made_zero_is_one_whose_output_is_not_read(TinyRun tiny) {
    Trained t = trained(tiny);
    // Columns 4 to 7 of the output's weights (8, 8) read the second head of width 4.
    Map<String, ShapedArray> unread = new LinkedHashMap<>(t.after());
    ShapedArray output = t.after().get("blocks.1.attention.output.weight");
    double[] values = output.values().clone();
    for (int row = 0; row < 8; row++) {
      Arrays.fill(values, row * 8 + 4, row * 8 + 8, 0);
    }
    unread.put("blocks.1.attention.output.weight", new ShapedArray(output.shape(), values));
    assertThat(
            measure(
                t.run(),
                t.after(),
                Optional.empty(),
                new HeadChange(How.ZERO, Set.of(new Head(2, 2)))))
        .isCloseTo(measure(t.run(), unread, Optional.empty(), HeadChange.NONE), within(rounding()));
  }

  @Test
  void several_changes_at_once_give_what_each_gives_alone() {
    Trained t = trained(TinyRun.recall());
    List<HeadChange> changes = new ArrayList<>(changes(How.REPLACE));
    changes.addAll(changes(How.ZERO));
    try (Subject subject =
        TestSubject.create(backend, t.run(), LOSS, t.before(), Optional.of(t.after()), () -> {})) {
      double[] together = subject.measure(changes);
      for (int i = 0; i < together.length; i++) {
        assertThat(subject.measure(List.of(changes.get(i)))[0]).isEqualTo(together[i]);
      }
    }
  }

  @Test
  void what_cannot_be_changed_or_measured_is_told() {
    Trained t = trained(TinyRun.regression());
    assertThatThrownBy(
            () -> measure(t.run(), t.after(), Optional.empty(), new HeadChange(How.REPLACE, all())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no other model");
    assertThatThrownBy(
            () ->
                measure(
                    t.run(),
                    t.after(),
                    Optional.empty(),
                    new HeadChange(How.ZERO, Set.of(new Head(2, 3)))))
        .hasMessage("there is no head 2.3; the model has 2 layers of 2 heads, counted from 1");
    assertThatThrownBy(
            () ->
                TestSubject.create(
                    backend, t.run(), "test.lost", t.after(), Optional.empty(), () -> {}))
        .hasMessageContaining("nothing measures 'test.lost'");
  }
}
