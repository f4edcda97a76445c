package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.plan.Yaml;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.AttentionRecord;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.RepetitionSpec.Change;
import dev.emergence.spec.RunConfig;
import dev.emergence.task.Batch;
import dev.emergence.task.Replica;
import dev.emergence.task.Tasks;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an evaluation measures. */
class MeasurementTest {
  /** Of associative recall. */
  private static final List<AttentionRecord> ALL =
      List.copyOf(TinyRun.recall().config().task().attention());

  private static Training train(Backend backend, TinyRun run, Integer... seeds) {
    return Trainer.create(
        backend, Stream.generate(run::config).limit(seeds.length).toList(), List.of(seeds));
  }

  @Test
  void columns_name_test_sets_batch_and_attention() {
    try (Backend backend = new ReferenceBackend();
        Training regression =
            train(
                backend,
                TinyRun.regression().measured(5, List.of(AttentionRecord.ENTROPY), "test", "clean"),
                1);
        Training recall = train(backend, TinyRun.recall(), 1)) {
      assertThat(regression.columns())
          .containsExactly(
              "clean.loss",
              "test.loss",
              "train.loss",
              "attention.entropy",
              "attention.1.1.entropy",
              "attention.1.2.entropy",
              "attention.2.1.entropy",
              "attention.2.2.entropy");
      assertThat(recall.columns())
          .containsExactly("test.loss", "test.accuracy", "train.loss", "train.accuracy");
      assertThat(regression.evaluate()[0]).hasSize(8);
    }
  }

  /** A small one of each kind. */
  static List<String> tasks() {
    return List.of(
        "linear_regression, dim: 4, sequence_length: 6",
        "associative_recall, pairs: 4, tokens: 16",
        "linear_map, cells: 4, parents: 2",
        "cellular_automaton, cells: 4, states: 3, rules: 4",
        "block_recall, blocks: 3, attributes: 2, relevant: 1",
        "synthetic_language, sequence_length: 32",
        "markov_chain, sequence_length: 8, order: 2",
        "multi_query_recall, pairs: 4, queries: 2",
        "in_context_classification, pairs: 4, burstiness: 2",
        "interleaved_chains, sequence_length: 8",
        "causal_graph, sequence_length: 8, graph: random",
        "trigger_bigrams, vocabulary: 6, sequence_length: 16",
        "modular_addition, modulus: 7",
        "window_sum, numbers: 5");
  }

  /** The last token of a chain predicts nothing, though it has a token before it. */
  @ParameterizedTest
  @MethodSource("tasks")
  void keys_that_matter_are_those_of_predictions(String task) {
    String file =
        """
        dsl: 1
        name: film
        task: {kind: %s}
        architecture: {kind: transformer, layers: 1, heads: 1, embedding_dim: 8, head_dim: 4}
        measurement: {evaluate_samples: 4, test_sets: {test: {}}, attention: {film: {}}}
        training: {batch_size: 2}
        """;
    RunConfig config = Yaml.experiment(file.formatted(task)).base();
    try (Backend backend = new ReferenceBackend();
        Training training = Trainer.create(backend, List.of(config), List.of(1))) {
      double[][] pairs = training.trueKeys(0);
      assertThat(pairs).isNotEmpty();
      double last = Arrays.stream(pairs).mapToDouble(pair -> pair[0]).max().orElseThrow();
      assertThat(last).isLessThan(config.task().predicts().scored().end());
    }
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void a_task_measures_all_attention_that_it_says(String task) {
    String file =
        """
        dsl: 1
        name: attention
        task: {kind: %s}
        architecture: {kind: transformer, layers: 2, heads: 2, embedding_dim: 8, head_dim: 4}
        measurement: {evaluate_samples: 4, test_sets: {test: {}}, attention: {record: [%s]}}
        training: {batch_size: 2}
        """;
    for (AttentionRecord kind : AttentionRecord.values()) {
      String word = kind.name().toLowerCase(Locale.ROOT);
      RunConfig config =
          SpecReader.read("file.yaml", file.formatted(task, word), ReadOptions.none())
              .spec()
              .map(ExperimentSpec::base)
              .orElse(null);
      if (config == null) {
        continue; // Refused: not of this task.
      }
      try (Backend backend = new ReferenceBackend();
          Training training = Trainer.create(backend, List.of(config), List.of(1))) {
        double[] row = training.evaluate()[0];
        String column = "attention." + word;
        assertThat(training.columns()).as("%s", kind).anyMatch(c -> c.startsWith(column));
        assertThat(row).isNotEmpty();
      }
    }
  }

  @Test
  void attention_numbers_of_a_sequence_are_those_of_its_picture() {
    TinyRun run = TinyRun.recall().measured(1, ALL, "test");
    try (Backend backend = new ReferenceBackend();
        Scope scope = new Scope(backend);
        Training training = train(backend, run, 3, 4)) {
      training.trainTo(2);
      Batch batch =
          Tasks.create(
                  backend,
                  scope,
                  List.of(new Replica(run.config(), 3), new Replica(run.config(), 4)))
              .test("test", 1);
      List<Parents> parents = batch.parents();
      batch.draw(scope.ints(2));
      int[] relevant = backend.ints(parents.get(0).keys().replica(1));
      int value = backend.ints(parents.get(1).queries().replica(1))[0];
      int[] key = backend.ints(parents.get(1).keys().replica(1));
      List<String> columns = training.columns();
      double[] row = training.evaluate()[1];
      List<AttentionPicture> pictures = training.pictures(1);
      assertThat(pictures).hasSize(4);
      assertThat(training.trueKeys(1)).isDeepEqualTo(pairs(4, relevant, value, key));
      for (AttentionPicture picture : pictures) {
        double[] last = picture.probabilities()[4];
        String head = "attention." + picture.layer() + "." + picture.head();
        double entropy = -Arrays.stream(last).map(p -> p * Math.log(p)).sum();
        assertThat(row[columns.indexOf(head + ".relevant")])
            .isCloseTo(mass(last, relevant), within(1e-12));
        assertThat(row[columns.indexOf(head + ".query_to_value")])
            .isCloseTo(mass(last, relevant), within(1e-12));
        assertThat(row[columns.indexOf(head + ".value_to_key")])
            .isCloseTo(mass(picture.probabilities()[value], key), within(1e-12));
        assertThat(row[columns.indexOf(head + ".entropy")]).isCloseTo(entropy, within(1e-12));
      }
    }
  }

  private static double[][] pairs(int last, int[] relevant, int value, int[] keys) {
    List<double[]> pairs = new ArrayList<>();
    IntStream.of(relevant).filter(j -> j >= 0).forEach(j -> pairs.add(new double[] {last, j}));
    IntStream.of(keys).filter(j -> j >= 0).forEach(j -> pairs.add(new double[] {value, j}));
    return pairs.toArray(double[][]::new);
  }

  private static double mass(double[] probabilities, int[] keys) {
    return IntStream.of(keys).filter(j -> j >= 0).mapToDouble(j -> probabilities[j]).sum();
  }

  @Test
  void a_loss_does_not_depend_on_whether_attention_is_recorded() {
    try (Backend backend = new ReferenceBackend();
        Training plain = train(backend, TinyRun.regression(), 3);
        Training recorded =
            train(
                backend,
                TinyRun.regression().measured(5, List.of(AttentionRecord.RELEVANT), "test"),
                3)) {
      plain.trainTo(1);
      recorded.trainTo(1);
      assertThat(recorded.evaluate()[0][0]).isCloseTo(plain.evaluate()[0][0], within(1e-13));
    }
  }

  @Test
  void a_test_set_is_the_mean_of_its_sequences_however_it_is_cut() {
    // 300 sequences are one part and 44 of a second; 256 are the first part; their difference is
    // the mean of the 44.
    try (Backend backend = new ReferenceBackend();
        Training cut = train(backend, TinyRun.regression().measured(300, List.of(), "test"), 3);
        Training whole = train(backend, TinyRun.regression().measured(256, List.of(), "test"), 3);
        Training twice = train(backend, TinyRun.regression().measured(512, List.of(), "test"), 3)) {
      double first = whole.evaluate()[0][0];
      double both = twice.evaluate()[0][0];
      double found = cut.evaluate()[0][0];
      double rest = (300 * found - 256 * first) / 44;
      assertThat(both).isNotEqualTo(first);
      assertThat(rest).isBetween(0.2 * first, 5 * first).isNotEqualTo(first);
      assertThat(new Chunks(300, 256).count()).isEqualTo(2);
      assertThat(new Chunks(300, 256).used(0) + new Chunks(300, 256).used(1)).isEqualTo(300);
      assertThat(Chunks.of(2048, 256)).isEqualTo(new Chunks(2048, 32));
      assertThat(Chunks.of(5, 100_000)).isEqualTo(new Chunks(5, 1));
    }
  }

  @Test
  void the_batch_loss_is_that_of_the_last_batch_and_missing_at_the_start() {
    try (Backend backend = new ReferenceBackend();
        Training training = train(backend, TinyRun.recall(), 3)) {
      int loss = training.columns().indexOf("train.loss");
      int accuracy = training.columns().indexOf("train.accuracy");
      assertThat(training.evaluate()[0][loss]).isNaN();
      training.trainTo(1);
      assertThat(training.evaluate()[0][loss]).isBetween(0.5, 5.0);
      assertThat(training.evaluate()[0][accuracy] * 4).isIn(0.0, 1.0, 2.0, 3.0, 4.0);
    }
  }

  @Test
  void the_leading_head_has_the_largest_mass_or_the_smallest_entropy() {
    try (Backend backend = new ReferenceBackend();
        Training training = train(backend, TinyRun.recall().measured(7, ALL, "test"), 3, 4)) {
      double[] row = training.evaluate()[1];
      List<String> columns = training.columns();
      double[] masses = heads(columns, row, "value_to_key");
      double[] entropies = heads(columns, row, "entropy");
      assertThat(masses).hasSize(4).doesNotHaveDuplicates();
      assertThat(row[columns.indexOf("attention.value_to_key")])
          .isEqualTo(Arrays.stream(masses).max().orElseThrow());
      assertThat(row[columns.indexOf("attention.entropy")])
          .isEqualTo(Arrays.stream(entropies).min().orElseThrow());
    }
  }

  private static double[] heads(List<String> columns, double[] row, String kind) {
    IntStream found =
        IntStream.range(0, row.length)
            .filter(i -> columns.get(i).matches("attention\\.\\d\\.\\d\\." + kind));
    return found.mapToDouble(i -> row[i]).toArray();
  }

  @Test
  void every_promised_column_is_measured() {
    Change change =
        new Change(Optional.of(2.0), Optional.empty(), Optional.of(2), Optional.of(0.5));
    TinyRun run =
        TinyRun.recall()
            .measured(5, ALL, "test", "seen")
            .repetition(TinyRun.repetition(1, 0, change));
    try (Backend backend = new ReferenceBackend();
        Training training = train(backend, run, 1)) {
      assertThat(training.columns()).containsAll(Metrics.of(run.config())).doesNotHaveDuplicates();
      assertThat(training.columns()).allMatch(column -> Metrics.has(run.config(), column));
      double[] row = training.evaluate()[0];
      // No batch has been seen before the first step.
      assertThat(columns(training, row, Double::isNaN)).allMatch(c -> c.startsWith("train."));
      // At first the two distributions are the same, and test sets are paired.
      assertThat(row[training.columns().indexOf("seen.loss")])
          .isCloseTo(row[training.columns().indexOf("test.loss")], within(1e-13));
      assertThat(row[training.columns().indexOf("in_context")]).isEqualTo(1);
      training.trainTo(2);
      row = training.evaluate()[0];
      assertThat(row).doesNotContain(Double.NaN);
      assertThat(row[training.columns().indexOf("cross_sample")]).isEqualTo(0.5);
    }
  }

  private static List<String> columns(Training training, double[] row, DoublePredicate which) {
    return IntStream.range(0, row.length)
        .filter(i -> which.test(row[i]))
        .mapToObj(training.columns()::get)
        .toList();
  }
}
