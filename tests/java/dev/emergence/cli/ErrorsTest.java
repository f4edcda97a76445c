package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.tensor.DeviceException;
import dev.emergence.tensor.DeviceException.Reason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What a command raises, as exit codes and lines. */
class ErrorsTest {
  private final StringWriter err = new StringWriter();

  private int code(Exception e) {
    CommandLine line = Main.commandLine().setErr(new PrintWriter(err, true));
    return Errors.execution(e, line, null);
  }

  @Test
  void memory_that_a_device_lacks_is_no_bug_of_ours() {
    assertThat(code(new DeviceException(Reason.OUT_OF_MEMORY, "no memory for 9 bytes")))
        .isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(err).hasToString("emergence: no memory for 9 bytes\n");
  }

  @Test
  void an_operation_that_fails_on_a_device_is_one() {
    assertThat(code(new DeviceException(Reason.FAILED, "illegal address")))
        .isEqualTo(ExitCode.INTERNAL);
    assertThat(err.toString()).startsWith("emergence: internal error: DeviceException: illegal");
  }

  @Test
  void a_heap_that_is_too_small_is_a_sentence_that_says_how_to_get_more() {
    CommandLine line = Main.commandLine().setErr(new PrintWriter(err, true));
    assertThat(Errors.error(new OutOfMemoryError("Java heap space"), line))
        .isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(err.toString())
        .startsWith("emergence: out of memory: Java heap space; a heap of ")
        .containsPattern("EMERGENCE_JAVA_OPTIONS=-Xmx\\d+g makes a larger one")
        .hasLineCount(1);
  }

  @Test
  void a_part_of_the_program_that_cannot_be_loaded_is_a_bug_of_ours() {
    CommandLine line = Main.commandLine().setErr(new PrintWriter(err, true));
    assertThat(Errors.error(new NoClassDefFoundError("em/Em"), line)).isEqualTo(ExitCode.INTERNAL);
    assertThat(err.toString())
        .startsWith("emergence: internal error: NoClassDefFoundError: em/Em\nThis is a bug.");
  }

  @Test
  void words_that_an_option_takes_are_listed_as_its_help_has_them() {
    for (String option : List.of("--heads", "--measure")) {
      Shell shell = Shell.run("capabilities", "--checkpoints", "here", option, "nothing");
      assertThat(shell.code()).isEqualTo(2);
      assertThat(shell.err())
          .contains(option.equals("--heads") ? "[patch, ablate]" : ", logit_difference] ");
    }
  }
}
