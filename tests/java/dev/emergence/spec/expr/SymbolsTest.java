package dev.emergence.spec.expr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SymbolsTest {
  private final Symbols regression =
      Symbols.of("linear_regression", Map.of("width", "architecture.embedding_dim"));
  private final Symbols recall = Symbols.of("associative_recall", Map.of());

  @Test
  void the_papers_symbols_stand_for_the_values_of_their_task() {
    assertThat(regression.path("d")).contains("task.dim");
    assertThat(regression.path("T")).contains("task.sequence_length");
    assertThat(regression.path("N_pairs")).isEmpty();
    assertThat(recall.path("N_pairs")).contains("task.pairs");
    assertThat(recall.path("d")).isEmpty();
    assertThat(recall.path("B")).contains("repetition.in_context");
    assertThat(recall.path("p")).contains("repetition.cross_sample");
  }

  @Test
  void last_segments_and_whole_paths_are_names_too() {
    assertThat(regression.path("learning_rate")).contains("training.optimizer.learning_rate");
    assertThat(regression.path("training.batch_size")).contains("training.batch_size");
    assertThat(regression.path("task.kind")).contains("task.kind");
  }

  @Test
  void numbers_of_what_files_name_themselves_have_paths_too() {
    assertThat(regression.path("measurement.thresholds.plateau.below"))
        .contains("measurement.thresholds.plateau.below");
    assertThat(recall.path("measurement.test_sets.clean.cross_sample"))
        .contains("measurement.test_sets.clean.cross_sample");
    assertThat(regression.has("measurement.thresholds.plateau.metric")).isFalse();
    assertThat(regression.has("measurement.thresholds.plateau.belwo")).isFalse();
    assertThat(regression.has("measurement.thresholds..below")).isFalse();
    assertThat(regression.has("measurement.thresholds.below")).isFalse();
  }

  @Test
  void a_last_segment_of_several_paths_is_no_name() {
    assertThat(regression.path("kind")).isEmpty();
  }

  @Test
  void the_file_adds_names_of_its_own() {
    assertThat(regression.path("width")).contains("architecture.embedding_dim");
    assertThat(recall.path("width")).isEmpty();
  }

  @Test
  void every_symbol_has_an_explanation() {
    assertThat(regression.all().values())
        .allSatisfy(s -> assertThat(s.doc()).as(s.name()).isNotBlank());
    assertThat(recall.all().values())
        .allSatisfy(s -> assertThat(s.doc()).as(s.name()).isNotBlank());
  }

  @Test
  void a_key_that_several_kinds_have_is_explained_by_the_first_of_them() {
    assertThat(recall.all().get("initialization").doc())
        .startsWith("How initial weights are drawn")
        .doesNotContain("dynamics");
  }
}
