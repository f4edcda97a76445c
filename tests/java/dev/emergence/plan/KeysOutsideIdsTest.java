package dev.emergence.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Experiment;
import dev.emergence.RunOptions;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.result.Curve;
import dev.emergence.result.ResultsFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not in a run's id changes nothing that is measured, bit for bit. */
class KeysOutsideIdsTest {
  private static final String FILE =
      """
      dsl: 1
      name: x
      task: {kind: linear_regression, dim: 4, sequence_length: 6}
      repetition: {cross_sample: 0.5, changes: [{when: {metric: test.loss, below: 9}, cross_sample: 0}]}
      architecture: {kind: transformer, layers: 1, heads: 2, embedding_dim: 8, head_dim: 4}
      training: {optimizer: {kind: adam, learning_rate: 0.01}, max_steps: 6, gradient_clip: 1}
      measurement:
        evaluate_every: 2
        evaluate_samples: 8
        attention: {record: [relevant]}
      execution: {device: cpu}
      """;

  /** Another value of each key that is not in the id and is read while a run is trained. */
  private static final Map<String, List<String>> VALUES =
      new TreeMap<>(
          Map.of(
              "training.tokens_per_step",
              List.of("192"), // The default batch of 32 sequences.
              "training.max_steps",
              List.of("3", "9"),
              "measurement.thresholds",
              List.of("{plateau: {metric: test.loss, below: 9, hold: 2}}"),
              "measurement.stop",
              List.of("{when: early, extra: 0}"),
              "measurement.attention.pictures_at",
              List.of("[0, 3, last]"),
              "measurement.attention.film",
              List.of("{frames: 12}"),
              "measurement.checkpoints_at",
              List.of("{every: 1}"),
              "execution.threads",
              List.of("2"),
              "execution.keep",
              List.of("all", "none"),
              "execution.checkpoint_every",
              List.of("0s")));

  @TempDir static Path temp;
  private static Map<String, Curve> plain;

  @BeforeAll
  static void train() throws Exception {
    plain = curves();
  }

  static List<String> sets() {
    return VALUES.entrySet().stream()
        .flatMap(key -> key.getValue().stream().map(value -> key.getKey() + "=" + value))
        .toList();
  }

  @Test
  void every_key_that_is_read_while_a_run_is_trained_has_a_case() {
    TreeSet<String> outside = new TreeSet<>();
    KeysInIdsTest.OUTSIDE.keySet().forEach(key -> outside.add(key.replace("RunConfig.", "")));
    outside.remove("training.max_time"); // A flow is integrated: see ExecutionTest.
    assertThat(VALUES).containsKeys(outside.toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("sets")
  void it_changes_neither_the_id_nor_a_number(String set) throws Exception {
    Map<String, Curve> changed =
        set.contains("early")
            ? curves("measurement.thresholds={early: {metric: test.loss, below: 9, hold: 2}}", set)
            : curves(set);
    assertThat(changed.keySet()).isEqualTo(plain.keySet());
    changed.forEach(
        (id, curve) ->
            assertThat(rows(curve, plain.get(id)))
                .hasSizeGreaterThan(1)
                .isEqualTo(rows(plain.get(id), curve)));
  }

  private static Map<String, Curve> curves(String... sets) throws Exception {
    Path file = Files.writeString(temp.resolve("x.yaml"), FILE);
    Path folder = Files.createTempDirectory(temp, "results");
    Experiment experiment = Experiment.load(file, ReadOptions.none().withSets(sets));
    experiment.run(folder, RunOptions.defaults().withJobs(1));
    Map<String, Curve> out = new TreeMap<>();
    ResultsFolder results = ResultsFolder.read(folder);
    for (String id : results.ids()) {
      out.put(id, results.load(id).orElseThrow().curve());
    }
    return out;
  }

  /** Rows up to the end of the shorter curve, as text. */
  private static List<String> rows(Curve of, Curve other) {
    double end = Math.min(of.steps()[of.size() - 1], other.steps()[other.size() - 1]);
    Curve until = of.until(end);
    return Arrays.stream(until.values()).map(Arrays::toString).toList();
  }
}
