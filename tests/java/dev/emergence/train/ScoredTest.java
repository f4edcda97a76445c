package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Experiment;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.RunConfig;
import dev.emergence.task.Replica;
import dev.emergence.tensor.Backend;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether anything is scored in a test set is what its sequences say, of whatever part. */
class ScoredTest {
  private static RunConfig config(int vocabulary, int samples) {
    String file =
        """
        dsl: 1
        name: scored
        task: {kind: trigger_bigrams, vocabulary: %d, sequence_length: 4, triggers: 1}
        measurement:
          evaluate_samples: %d
          test_sets: {test: {}, triggers: {prompts: triggers}}
        """;
    return Experiment.parse(file.formatted(vocabulary, samples))
        .plan()
        .runs()
        .get(0)
        .run()
        .config();
  }

  /** One sequence, less than a part, a part and one sequence more, and two parts. */
  @ParameterizedTest
  @CsvSource({"4, 1", "64, 10", "1024, 257", "1024, 512"})
  void any_target_of_the_sequences_that_count_is_found_and_no_other(int vocabulary, int samples) {
    RunConfig config = config(vocabulary, samples);
    Set<Boolean> found = new HashSet<>();
    try (Backend backend = new ReferenceBackend()) {
      for (int seed = 0; seed < 60; seed++) {
        Replica run = new Replica(config, seed);
        boolean any = Scored.isAny(backend, run, "triggers");
        double[] targets = TestSequences.of(backend, run, "triggers").get("target").values();
        assertThat(any).as("seed %d", seed).isEqualTo(Arrays.stream(targets).anyMatch(t -> t >= 0));
        found.add(any);
        assertThat(Scored.isAny(backend, run, "test")).isTrue();
      }
    }
    assertThat(found).hasSize(2);
  }
}
