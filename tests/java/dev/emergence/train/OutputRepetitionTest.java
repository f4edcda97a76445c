package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.Experiment;
import dev.emergence.backend.Devices;
import dev.emergence.model.Objective;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.Parts;
import dev.emergence.task.Batch;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How often neighbouring positions have the same likeliest class. */
class OutputRepetitionTest {
  private static final String ALL = "{kind: window_sum, numbers: 3, modulus: 4, scored: all}";

  static List<Supplier<Backend>> backends() {
    return List.of(ReferenceBackend::new, () -> Devices.open("cpu", 1));
  }

  private static Parts parts(String task) {
    String file =
        """
        dsl: 1
        name: repetition
        task: %s
        measurement: {record: [repetition]}
        """;
    return Parts.of(Experiment.parse(file.formatted(task)).plan().runs().get(0).run().config());
  }

  /** Logits whose likeliest class is as said; of a class that is -1, all are equally likely. */
  private static double[] logits(int classes, int... said) {
    double[] out = new double[classes * said.length];
    for (int i = 0; i < said.length; i++) {
      if (said[i] >= 0) {
        out[i * classes + said[i]] = 0.25 + 0.1 * i;
      }
    }
    return out;
  }

  private static Means measured(
      Backend backend, Parts parts, int replicas, int sequences, int used, double[] of, int[] to) {
    int targets = parts.task().predicts().scored().count();
    int classes = parts.task().predicts().outputs();
    try (Scope scope = new Scope(backend)) {
      Tensor prediction = scope.floats(replicas, sequences, targets, classes);
      Tensor target = scope.ints(replicas, sequences, targets);
      backend.write(prediction, of);
      backend.write(target, to);
      Objective objective = new Objective(backend, scope, prediction, target, false);
      objective.forward();
      Batch none = null;
      OutputRepetition probe = new OutputRepetition();
      Means means = new Means(replicas, probe.columns(parts, "test"));
      probe
          .bind(new Probe.Place(backend, scope, parts, "test", sequences, none, objective))
          .add(means, used);
      return means;
    }
  }

  private static double value(Means means, int replica, String column) {
    return means.value(replica, means.at(column));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void of_neighbours_it_is_the_share_that_agree(Supplier<Backend> device) {
    Parts parts = parts(ALL);
    assertThat(new OutputRepetition().columns(parts, "test"))
        .containsExactly(
            "test.repetition",
            "test.repetition.out",
            "test.repetition_targets",
            "test.repetition_targets.out");
    // Two numbers, the separator, three sums; the third sequence does not count.
    double[] said =
        logits(
            5, 1, 1, 1, 2, 2, 0, /* second: -1 is 0, the first of equals */ -1, 0, 3, 3, 3, 3, 1, 1,
            1, 1, 1, 1);
    int[] right = {2, 2, 4, 1, 0, 0, 1, 2, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1};
    try (Backend backend = device.get()) {
      Means means = measured(backend, parts, 1, 3, 2, said, right);
      assertThat(value(means, 0, "test.repetition")).isEqualTo((3 + 4) / 10.0);
      assertThat(value(means, 0, "test.repetition.out")).isEqualTo((1 + 2) / 4.0);
      assertThat(value(means, 0, "test.repetition_targets")).isEqualTo((2 + 2) / 10.0);
      assertThat(value(means, 0, "test.repetition_targets.out")).isEqualTo((1 + 1) / 4.0);
    }
  }

  @Test
  void neighbours_of_which_one_is_not_scored_take_no_part() {
    Parts parts = parts(ALL);
    double[] said = logits(5, 1, 1, 1, 2, 2, 3);
    int[] right = {1, 1, -1, 2, 2, 2};
    try (Backend backend = new ReferenceBackend()) {
      Means means = measured(backend, parts, 1, 1, 1, said, right);
      assertThat(value(means, 0, "test.repetition")).isEqualTo(2 / 3.0);
      assertThat(value(means, 0, "test.repetition.out")).isEqualTo(1 / 2.0);
      assertThat(value(means, 0, "test.repetition_targets")).isEqualTo(1);
      int[] apart = {1, -1, -1, 2, -1, 2};
      assertThat(value(measured(backend, parts, 1, 1, 1, said, apart), 0, "test.repetition"))
          .isNaN();
    }
  }

  /** Of long sequences the first are read alone; replicas stay apart. */
  @ParameterizedTest
  @MethodSource("backends")
  void of_many_logits_the_first_sequences_count(Supplier<Backend> device) {
    Parts parts = parts("{kind: window_sum, numbers: 512, window: 3, modulus: 1024}");
    Random random = new Random(7);
    int sequences = 6;
    int looked = 4; // of 2^19 logits each
    double[] said = random.doubles(2L * sequences * (1 << 19)).toArray();
    int[] right = random.ints(2L * sequences * 512, 0, 1024).toArray();
    // Random classes of so many hardly ever agree: every third position says what the one before.
    for (int row = 1; row < said.length / 1024; row += 3) {
      System.arraycopy(said, (row - 1) * 1024, said, row * 1024, 1024);
    }
    try (Backend backend = device.get()) {
      Means means = measured(backend, parts, 2, sequences, 5, said, right);
      for (int r = 0; r < 2; r++) {
        double same = 0;
        for (int n = 0; n < looked; n++) {
          for (int i = 0; i < 511; i++) {
            int row = (r * sequences + n) * 512 + i;
            same += likeliest(said, row) == likeliest(said, row + 1) ? 1 : 0;
          }
        }
        assertThat(value(means, r, "test.repetition"))
            .isCloseTo(same / (looked * 511), within(1e-12));
      }
    }
  }

  @Test
  void of_sequences_that_are_longer_than_all_that_is_looked_at_the_first_counts() {
    Probe.Place place = new Probe.Place(null, null, parts(ALL), "test", 6, null, null);
    assertThat(OutputRepetition.sequences(place, 1L << 22)).isEqualTo(1);
    assertThat(OutputRepetition.sequences(place, 1L << 19)).isEqualTo(4);
    assertThat(OutputRepetition.sequences(place, 1)).isEqualTo(6);
  }

  private static int likeliest(double[] logits, int row) {
    int best = 0;
    for (int c = 1; c < 1024; c++) {
      // As a device that counts in float32 reads them.
      best = (float) logits[row * 1024 + c] > (float) logits[row * 1024 + best] ? c : best;
    }
    return best;
  }

  @Test
  void right_answers_repeat_themselves_where_a_number_is_as_the_one_that_leaves_the_window() {
    String file =
        """
        dsl: 1
        name: repetition
        task: {kind: window_sum, numbers: 6, window: 3, modulus: 5}
        architecture: {kind: transformer, layers: 1, heads: 1, embedding_dim: 8, head_dim: 4}
        measurement: {evaluate_samples: 4000, record: [repetition]}
        training: {batch_size: 2}
        """;
    var config = Experiment.parse(file).plan().runs().get(0).run().config();
    try (Backend backend = Devices.open("cpu", 1);
        Training training = Trainer.create(backend, List.of(config), List.of(1))) {
      double[] row = training.evaluate()[0];
      double found = row[training.columns().indexOf("test.repetition_targets")];
      // Not among the first three sums, to each of which a number is added.
      assertThat(found).isCloseTo(3 / 5.0 / 4, within(0.01));
    }
  }
}
