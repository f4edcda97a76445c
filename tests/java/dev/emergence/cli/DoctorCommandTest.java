package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.cli.DoctorCommand.Found;
import org.junit.jupiter.api.Test;

/** What this machine has, and whether it computes what it should. */
class DoctorCommandTest {
  @Test
  void a_device_that_disagrees_with_the_reference_is_a_failure_whichever_it_is() {
    assertThat(DoctorCommand.exitCode(Found.WELL, Found.WRONG)).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(DoctorCommand.exitCode(Found.WRONG, Found.ABSENT)).isEqualTo(ExitCode.ENVIRONMENT);
  }

  @Test
  void a_machine_needs_a_cpu_and_no_gpu() {
    assertThat(DoctorCommand.exitCode(Found.WELL, Found.ABSENT)).isZero();
    assertThat(DoctorCommand.exitCode(Found.WELL, Found.WELL)).isZero();
    assertThat(DoctorCommand.exitCode(Found.ABSENT, Found.WELL)).isEqualTo(ExitCode.ENVIRONMENT);
  }

  @Test
  void numerics_compares_the_cpu_with_the_reference() {
    Shell shell = Shell.run("doctor", "--numerics");
    assertThat(shell.out()).contains("cpu numerics   ok: 20 steps differ from the float64");
    assertThat(shell.code()).isZero();
  }
}
