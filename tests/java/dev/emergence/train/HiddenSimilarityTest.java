package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.Experiment;
import dev.emergence.backend.Devices;
import dev.emergence.model.Network;
import dev.emergence.model.NetworkOptions;
import dev.emergence.model.Objective;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.Parts;
import dev.emergence.spec.RunConfig;
import dev.emergence.task.Batch;
import dev.emergence.task.Replica;
import dev.emergence.task.Tasks;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The mean cosine between hidden states of a sequence. */
class HiddenSimilarityTest {
  private static final int WIDTH = 8;

  static List<Supplier<Backend>> backends() {
    return List.of(ReferenceBackend::new, () -> Devices.open("cpu", 1));
  }

  private static RunConfig config(String architecture) {
    String file =
        """
        dsl: 1
        name: similarity
        task: {kind: window_sum, numbers: 3, modulus: 4, scored: all}
        architecture: {kind: transformer, layers: 2, heads: 2, embedding_dim: 8, head_dim: 4%s}
        measurement: {evaluate_samples: 5, record: [cosine_similarity]}
        training: {batch_size: 2}
        """;
    return Experiment.parse(file.formatted(architecture)).plan().runs().get(0).run().config();
  }

  /** Of vectors of the six scored positions of each sequence. */
  private static Means measured(
      Backend backend, int replicas, int sequences, int used, double[] vectors, int[] targets) {
    Parts parts = Parts.of(config(""));
    try (Scope scope = new Scope(backend)) {
      Tensor prediction = scope.floats(replicas, sequences, 6, 5);
      Tensor target = scope.ints(replicas, sequences, 6);
      Tensor hidden = scope.floats(replicas, sequences, 6, WIDTH);
      backend.write(target, targets);
      backend.write(hidden, vectors);
      Objective objective = new Objective(backend, scope, prediction, target, false);
      objective.forward();
      Batch none = null;
      HiddenSimilarity probe = new HiddenSimilarity();
      Means means = new Means(replicas, probe.columns(parts, "test"));
      Probe.Place place =
          new Probe.Place(
              backend,
              scope,
              parts,
              "test",
              sequences,
              none,
              objective,
              List.of(),
              Optional.of(hidden));
      probe.bind(place).add(means, used);
      return means;
    }
  }

  /** As said, pair by pair. */
  private static double byHand(double[] vectors, int sequence, int... positions) {
    double sum = 0;
    int pairs = 0;
    for (int i : positions) {
      for (int j : positions) {
        if (i < j) {
          double[] a = vector(vectors, sequence, i);
          double[] b = vector(vectors, sequence, j);
          sum += dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
          pairs++;
        }
      }
    }
    return sum / pairs;
  }

  private static double[] vector(double[] all, int sequence, int position) {
    int start = (6 * sequence + position) * WIDTH;
    return Arrays.copyOfRange(all, start, start + WIDTH);
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void it_is_the_mean_cosine_over_all_pairs_that_are_scored(Supplier<Backend> device) {
    int sequences = 3;
    double[] vectors = new Random(5).doubles(2 * sequences * 6 * WIDTH, -1, 2).toArray();
    int[] targets = new int[2 * sequences * 6];
    targets[6 + 4] = -1; // of the second sequence of the first replica
    try (Backend backend = device.get()) {
      Means means = measured(backend, 2, sequences, 2, vectors, targets);
      double first = byHand(vectors, 0, 0, 1, 2, 3, 4, 5) + byHand(vectors, 1, 0, 1, 2, 3, 5);
      double second = byHand(vectors, 3, 0, 1, 2, 3, 4, 5) + byHand(vectors, 4, 0, 1, 2, 3, 4, 5);
      double sums = byHand(vectors, 0, 3, 4, 5) + byHand(vectors, 1, 3, 5);
      int all = means.at("test.cosine_similarity");
      assertThat(means.value(0, all)).isCloseTo(first / 2, within(1e-6));
      assertThat(means.value(1, all)).isCloseTo(second / 2, within(1e-6));
      assertThat(means.value(0, means.at("test.cosine_similarity.out")))
          .isCloseTo(sums / 2, within(1e-6));
    }
  }

  @Test
  void parallel_vectors_have_one_and_a_vector_of_zeros_nothing() {
    double[] vectors = new double[6 * WIDTH];
    for (int i = 0; i < 4; i++) {
      vectors[i * WIDTH + 3] = 0.5 + i;
    }
    vectors[4 * WIDTH + 3] = -2;
    try (Backend backend = new ReferenceBackend()) {
      Means means = measured(backend, 1, 1, 1, vectors, new int[6]);
      // Of 15 pairs 6 are parallel, 4 opposite, and 5 with the vector of zeros.
      assertThat(means.value(0, 0)).isCloseTo(2 / 15.0, within(1e-12));
      int[] one = {-1, -1, 2, -1, -1, -1};
      assertThat(measured(backend, 1, 1, 1, vectors, one).value(0, 0)).isNaN();
    }
  }

  @Test
  void a_sequence_with_one_scored_position_takes_no_part() {
    double[] vectors = new Random(6).doubles(2 * 6 * WIDTH, -1, 2).toArray();
    int[] targets = {-1, 0, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0};
    try (Backend backend = new ReferenceBackend()) {
      assertThat(measured(backend, 1, 2, 2, vectors, targets).value(0, 0))
          .isCloseTo(byHand(vectors, 1, 0, 1, 2, 3, 4, 5), within(1e-12));
    }
  }

  /** Of more numbers than are looked at the first sequences of each replica count. */
  @Test
  void replicas_stay_apart_where_not_all_sequences_are_looked_at() {
    int sequences = (1 << 21) / (6 * WIDTH) + 5;
    double[] vectors = new double[2 * sequences * 6 * WIDTH];
    for (int row = 0; row < 2 * sequences * 6; row++) {
      vectors[row * WIDTH + (row < sequences * 6 ? 0 : row % 2)] = 1;
    }
    try (Backend backend = new ReferenceBackend()) {
      Means means = measured(backend, 2, sequences, sequences, vectors, new int[2 * sequences * 6]);
      assertThat(means.value(0, 0)).isCloseTo(1, within(1e-9));
      // Of 15 pairs 6 are parallel, and 9 at right angles.
      assertThat(means.value(1, 0)).isCloseTo(6 / 15.0, within(1e-9));
    }
  }

  /** In float64, so that the last layer can be done again on the host. */
  @ParameterizedTest
  @ValueSource(strings = {"", ", layer_norm: post", ", layer_norm: none, residual: parallel"})
  void hidden_states_are_what_the_last_layer_reads(String architecture) {
    RunConfig config = config(architecture);
    try (Backend backend = new ReferenceBackend();
        Scope scope = new Scope(backend)) {
      Replica run = new Replica(config, 3);
      Batch batch = Tasks.create(backend, scope, List.of(run)).test("test", 4);
      batch.draw(scope.ints(1));
      Networks networks = new Networks(backend, scope, config, 1, true);
      networks.enter(0, config);
      networks.initialize(0, run);
      Network network = networks.of(NetworkOptions.evaluation(4), batch);
      network.forward(batch.input());
      Tensor hidden = network.hidden().orElseThrow();
      assertThat(hidden.shape()).containsExactly(1, 4, 6, WIDTH);
      double[] h = backend.doubles(hidden);
      double[] weights = backend.doubles(networks.parameters().value("readout.weight"));
      double[] said = backend.doubles(network.prediction());
      double[] bias = backend.doubles(networks.parameters().value("readout.bias"));
      for (int row = 0; row < 24; row++) {
        for (int c = 0; c < 5; c++) {
          double logit = bias[c];
          for (int i = 0; i < WIDTH; i++) {
            logit += weights[c * WIDTH + i] * h[row * WIDTH + i];
          }
          assertThat(said[row * 5 + c]).isCloseTo(logit, within(1e-12));
        }
      }
    }
  }

  @Test
  void an_evaluation_measures_it_on_each_device_and_a_study_does_again() {
    RunConfig config = config("");
    double[] found = new double[2];
    for (int i = 0; i < 2; i++) {
      try (Backend backend = backends().get(i).get();
          Training training = Trainer.create(backend, List.of(config), List.of(1))) {
        training.train(3);
        String column = "test.cosine_similarity.out";
        found[i] = training.evaluate()[0][training.columns().indexOf(column)];
        try (Subject subject =
            TestSubject.create(
                backend,
                new Replica(config, 1),
                column,
                training.parameters(0),
                Optional.empty(),
                () -> {})) {
          assertThat(subject.measure(List.of(HeadChange.NONE))[0])
              .isCloseTo(found[i], within(1e-6));
        }
      }
    }
    assertThat(found[0]).isBetween(-0.5, 0.999).isCloseTo(found[1], within(1e-5));
  }
}
