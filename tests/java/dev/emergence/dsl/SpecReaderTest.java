package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import org.junit.jupiter.api.Test;

class SpecReaderTest {
  private static final String SMALL =
      """
      dsl: 1
      name: small
      task: {kind: linear_regression, dim: 16, sequence_length: 32}
      """;

  @Test
  void the_smallest_file_is_one_sweep_with_one_condition() {
    Reading reading = SpecReader.read("small.yaml", SMALL, ReadOptions.none());
    assertThat(reading.toText()).isEmpty();
    assertThat(reading.spec().orElseThrow().sweeps()).containsOnlyKeys("main");
    assertThat(reading.spec().orElseThrow().sweeps().get("main").conditions()).hasSize(1);
  }

  @Test
  void an_unknown_key_is_reported_at_its_place_with_the_likely_word() {
    Reading reading =
        SpecReader.read("small.yaml", Edited.text(SMALL, "dim: 16", "dmi: 16"), ReadOptions.none());
    assertThat(reading.toText())
        .contains(
            "small.yaml:3:33: error E102: unknown key 'dmi' in task (kind: linear_regression)")
        .contains("did you mean 'dim'?");
    assertThat(reading.spec()).isEmpty();
  }
}
