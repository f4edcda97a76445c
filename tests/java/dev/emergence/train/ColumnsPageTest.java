package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Experiment;
import dev.emergence.spec.Measure;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.Parts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page {@code explain tasks} says what the columns of curves are. */
class ColumnsPageTest {
  private static final String LINEAR_MAP =
      """
      dsl: 1
      name: columns
      task: {kind: linear_map, cells: 4, parents: 2, states: 3}
      measurement: {record: [repetition, cosine_similarity], attention: {record: [iou]}}
      """;

  private static final String PROMPTS =
      """
      dsl: 1
      name: columns
      task: {kind: trigger_bigrams}
      measurement: {test_sets: {test: {prompts: triggers}}}
      """;

  @ParameterizedTest
  @ValueSource(strings = {LINEAR_MAP, PROMPTS})
  void every_measured_number_is_explained(String yaml) throws IOException {
    Parts parts = Parts.of(Experiment.parse(yaml).plan().runs().get(0).run().config());
    List<String> columns =
        Measure.all().stream()
            .flatMap(measure -> Metrics.columns(measure, parts, "test").stream())
            .toList();
    assertThat(columns).contains("test.loss", "test.accuracy", "test.exact");
    String page = page();
    for (String column : columns) {
      String word = column.replaceAll("\\.[0-9]+", "").replaceAll(".*\\.", "");
      assertThat(page).as(column).containsPattern("\\." + word + "\\b");
    }
  }

  private static String page() throws IOException {
    try (InputStream in =
        Experiment.class.getResourceAsStream("/dev/emergence/cli/explain/tasks.md")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
