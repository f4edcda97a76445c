package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.yaml.Diagnostic;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Values of a profile that all sweeps set again. */
class HiddenByProfilesTest {
  private static List<String> warnings(String sweeps) {
    return all("sweeps:\n" + sweeps);
  }

  private static List<String> all(String more) {
    Reading reading =
        SpecReader.read(
            "file",
            """
            dsl: 1
            name: hidden
            task: {kind: linear_regression, dim: 8, sequence_length: 8}
            profiles:
              laptop:
                task: {dim: 4, sequence_length: 5}
                training: {batch_size: 6, max_steps: 50}
            """
                + more,
            new ReadOptions(Optional.of("laptop"), List.of(), false));
    assertThat(reading.isValid()).as(reading.toText()).isTrue();
    return reading.diagnostics().stream().map(Diagnostic::message).toList();
  }

  @Test
  void a_value_that_every_sweep_sets_again_has_no_effect() {
    assertThat(
            warnings(
                """
                  a: {grid: {d: [4, 8]}, set: {training.batch_size: 16}}
                  b:
                    grid: {task.dim: [4, 8], T: [3]}
                    variants: {x: {training: {batch_size: 4}}, y: {training.batch_size: 8}}
                """))
        .containsExactly(
            "task.dim has no effect here: every sweep sets it",
            "training.batch_size has no effect here: every sweep sets it");
  }

  @Test
  void where_there_is_no_sweep_none_sets_it() {
    assertThat(all("")).isEmpty();
  }

  @Test
  void a_value_that_a_sweep_or_a_variant_leaves_alone_has_one() {
    assertThat(
            warnings(
                """
                  a: {grid: {d: [4, 8]}}
                  b: {variants: {x: {training: {batch_size: 4}}, y: {}}}
                """))
        .isEmpty();
  }
}
