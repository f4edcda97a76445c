package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The leak detector on the command line. */
class CheckArchitectureCommandTest {
  @TempDir private Path folder;

  private Shell check(String architecture, String... more) throws IOException {
    Path file = folder.resolve("check.yaml");
    Files.writeString(
        file,
        """
        dsl: 1
        name: check
        task: {kind: associative_recall, tokens: 6, pairs: 2}
        architecture: {layers: 1, embedding_dim: 16, mlp_factor: 2, layer_norm: pre,
                       positional_encoding: learned, %s}
        """
            .formatted(architecture));
    String[] arguments = new String[more.length + 2];
    arguments[0] = "check-architecture";
    arguments[1] = file.toString();
    System.arraycopy(more, 0, arguments, 2, more.length);
    return Shell.run(arguments);
  }

  @Test
  void a_causal_architecture_is_told_to_be_one() throws Exception {
    Shell shell = check("kind: mlp_mixer, expansion: 2", "--steps", "40", "--length", "5");
    assertThat(shell.out())
        .startsWith("{kind: mlp_mixer, layers: 1, embedding_dim: 16, mlp_factor: 2, ")
        .contains(", layer_norm: pre, ")
        .contains("predictions keep every bit when later tokens change")
        .contains("ln C = 1.3863");
    assertThat(shell.code()).isZero();
  }

  @Test
  void attention_to_later_tokens_is_a_leak_with_an_exit_code_of_its_own() throws Exception {
    Shell shell =
        check("kind: transformer, heads: 2, head_dim: 8, attention: full", "--length", "5");
    assertThat(shell.out())
        .contains("LEAK: the prediction at position 0 changes with the token at 1")
        .contains("LEAK: trained on noise");
    assertThat(shell.code()).isEqualTo(ExitCode.EXPECTATION_MISSED);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "--length, 1, from 2 to 1048576",
    "--length, 20000000, from 2 to 1048576",
    "--steps, 0, at least 1"
  })
  void nothing_to_train_and_more_than_any_task_has_are_usage_errors(
      String option, String value, String range) throws Exception {
    Shell shell = check("kind: gated_delta", option, value);
    assertThat(shell.code()).isEqualTo(ExitCode.USAGE);
    assertThat(shell.err())
        .isEqualTo("emergence: " + option + " must be " + range + ", got " + value + "\n");
  }

  @Test
  void a_device_that_is_not_there_is_a_sentence() throws Exception {
    Shell shell = check("kind: gated_delta", "--device", "cuda:999");
    assertThat(shell.code()).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(shell.err()).contains("device cuda:999 cannot be used: ");
  }

  @ParameterizedTest(name = "--device ''{0}''")
  @ValueSource(strings = {"", "tpu", "reference", "auto"})
  void a_word_that_is_no_device_is_a_usage_error(String device) throws Exception {
    Shell shell = check("kind: gated_delta", "--device", device);
    assertThat(shell.code()).isEqualTo(ExitCode.USAGE);
    assertThat(shell.err()).startsWith("emergence: --device takes cpu, cuda or cuda:N, got '");
  }
}
