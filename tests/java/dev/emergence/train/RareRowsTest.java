package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Yaml;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.Backend;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Trainings in which hardly any row is scored: what is measured, and that all of it are numbers.
 */
class RareRowsTest {
  private static RunConfig config(String zipf, String scored) {
    return Yaml.experiment(
            """
            dsl: 1
            name: rare
            task: {kind: linear_map, cells: 4, parents: 2, scored: %s, row_zipf: %s}
            architecture: {kind: transformer, layers: 1, heads: 1, embedding_dim: 8, head_dim: 4}
            measurement:
              evaluate_samples: 3
              test_sets: {test: {}, weighted: {row_zipf: as_trained}}
              attention: {record: [parents, iou]}
            training: {batch_size: 1}
            """
                .formatted(scored, zipf))
        .base();
  }

  @Test
  void a_batch_of_one_sequence_has_a_loss_though_all_rows_but_the_first_are_rare() {
    for (String scored : List.of("outputs", "all")) {
      try (Backend backend = new ReferenceBackend();
          Training training = Trainer.create(backend, List.of(config("4", scored)), List.of(1))) {
        int loss = training.columns().indexOf("train.loss");
        for (int i = 0; i < 10; i++) {
          training.trainTo(i + 1);
          assertThat(training.evaluate()[0][loss]).isFinite().isPositive();
        }
      }
    }
  }

  @Test
  void a_row_that_is_never_scored_has_no_loss_and_counts_as_unsolved() {
    try (Backend backend = new ReferenceBackend();
        Training training = Trainer.create(backend, List.of(config("4", "all")), List.of(1))) {
      List<String> columns = training.columns();
      double[] values = training.evaluate()[0];
      assertThat(values[columns.indexOf("weighted.loss.row.0")]).isFinite();
      assertThat(values[columns.indexOf("weighted.loss.row.3")]).isNaN();
      assertThat(values[columns.indexOf("weighted.solved_rows")]).isZero();
      assertThat(values[columns.indexOf("weighted.exact")]).isFinite();
      for (String column : columns) {
        boolean test = column.startsWith("test.") || column.startsWith("attention.");
        assertThat(values[columns.indexOf(column)])
            .as(column)
            .matches(v -> !test || Double.isFinite(v));
      }
    }
  }
}
