package dev.emergence.execute.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.execute.device.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlurmArrayTest {
  @TempDir Path temp;

  private static SlurmArray array(Path folder, String gres, Duration time, String... options) {
    return new SlurmArray(
        "fig3+laptop", folder, 16, gres, 3, 8, time, List.of(options), List.of(), List.of());
  }

  @Test
  void the_script_asks_for_what_was_said() {
    String script =
        array(Path.of("/data/fig 3"), "gpu:1", Duration.ofMinutes(510), "--partition=short")
            .script();
    assertThat(script.lines())
        .startsWith("#!/bin/bash")
        .contains(
            "#SBATCH --job-name=fig3+laptop",
            "#SBATCH --array=0-15",
            "#SBATCH --gres=gpu:1",
            "#SBATCH --cpus-per-task=4 --mem=8G",
            "#SBATCH --time=8:30:00",
            "#SBATCH --requeue --open-mode=append --signal=B:TERM@120",
            "#SBATCH --output=\"/data/fig 3/slurm/%A_%a.log\"",
            "#SBATCH --partition=short");
    assertThat(script)
        .contains(" worker '/data/fig 3' --slot \"$SLURM_ARRAY_TASK_ID\" --stop-after 30000s &");
  }

  @Test
  void short_jobs_keep_a_tenth_of_their_time_for_saving() {
    assertThat(array(Path.of("/d"), "", Duration.ofMinutes(20)).script())
        .contains("--stop-after 1080s")
        .doesNotContain("--gres");
  }

  @Test
  void a_worker_that_is_interrupted_is_requeued_and_a_signal_reaches_it() throws Exception {
    // The worker is replaced by a script that saves on SIGTERM and says so by 75; scontrol by one
    // that writes what it is asked.
    Path worker =
        executable(
            "worker",
            "trap 'sleep 0.2; exit 75' TERM; touch \"$1/ready\"; while true; do sleep 0.05; done");
    executable("scontrol", "echo \"$@\" > " + temp.resolve("asked"));
    String script = array(temp, "", Duration.ofHours(1)).script();
    String command = script.lines().filter(l -> l.contains(" worker ")).findFirst().orElseThrow();
    Path file =
        Files.writeString(
            temp.resolve("array.sh"), script.replace(command, worker + " " + temp + " &"));
    ProcessBuilder bash = new ProcessBuilder("bash", file.toString());
    bash.environment().put("PATH", temp + ":" + System.getenv("PATH"));
    bash.environment().put("SLURM_ARRAY_JOB_ID", "12");
    bash.environment().put("SLURM_ARRAY_TASK_ID", "3");
    Process element = bash.start();
    while (!Files.exists(temp.resolve("ready"))) {
      Thread.sleep(20);
    }
    element.destroy();
    assertThat(element.waitFor()).isEqualTo(75);
    assertThat(temp.resolve("asked")).hasContent("requeue 12_3");
  }

  @ParameterizedTest
  @CsvSource({"LANG,, C.UTF-8", "LANG, C, C.UTF-8", "LANG, de_DE.utf8,", "LC_ALL, C, C.UTF-8"})
  void a_worker_can_open_names_beyond_ascii_whatever_the_job_has(
      String variable, String value, String locale) throws Exception {
    String script = array(temp, "", Duration.ofHours(1)).script();
    String command = script.lines().filter(l -> l.contains(" worker ")).findFirst().orElseThrow();
    String telling = "printf %s \"$LC_ALL\" > " + temp.resolve("locale") + " &";
    ProcessBuilder bash =
        new ProcessBuilder("bash", "-c", script.replace(command, telling)).inheritIO();
    bash.environment().keySet().removeAll(List.of("LC_ALL", "LC_CTYPE", "LANG"));
    if (value != null) {
      bash.environment().put(variable, value);
    }
    assertThat(bash.start().waitFor()).isZero();
    assertThat(temp.resolve("locale")).hasContent(locale == null ? "" : locale);
  }

  private Path executable(String name, String body) throws IOException {
    Path file = Files.writeString(temp.resolve(name), "#!/bin/bash\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  @Test
  void options_stand_as_the_schedulers_users_write_them() {
    Map<String, String> options =
        Map.of(
            "--exclude=node[01-04,7]", "--exclude=node[01-04,7]",
            "--constraint=a|b", "--constraint=a|b",
            "--constraint=(a|b)&c*2", "--constraint=(a|b)&c*2",
            "--comment=my run #3", "--comment=\"my run #3\"",
            "--comment=\"my run\"", "--comment=\"my run\"",
            "--mail-user=me@lab.org", "--mail-user=me@lab.org",
            "--exclusive", "--exclusive",
            "-p short", "-p short",
            "--partition short", "--partition short");
    options.forEach(
        (given, line) ->
            assertThat(array(Path.of("/d"), "", Duration.ofHours(1), given).script().lines())
                .contains("#SBATCH " + line));
  }

  @Test
  void setup_lines_come_before_the_worker_and_its_part_after_the_folder() {
    String script =
        new SlurmArray(
                "x",
                Path.of("/d"),
                1,
                "",
                1,
                1,
                Duration.ofHours(1),
                List.of(),
                List.of("module load cuda/12", "export A='b c'"),
                List.of("--where", "d == 2 and seed < 'x'"))
            .script();
    assertThat(script)
        .containsSubsequence(
            "module load cuda/12\nexport A='b c'\n",
            " worker '/d' '--where' 'd == 2 and seed < QUOTExQUOTE' --slot "
                .replace("QUOTE", "'\\''"));
  }

  @Test
  void texts_that_could_break_out_of_the_script_are_refused() {
    assertThatThrownBy(() -> array(Path.of("/d"), "gpu:1\nrm", Duration.ofHours(1)))
        .hasMessageStartingWith("--gres is such as gpu:1");
    for (String option :
        List.of(
            "$(id)",
            "partition=short",
            "--x\nrm",
            "",
            "--array=0-3",
            "--array 0-3",
            "--arr=0-3",
            "--ar=0-3",
            "-a 0-3",
            "-a1-3",
            "-Ha0-3",
            "-HQa 0-3",
            "--wrap=x",
            "--wr=x",
            "--comment=\"x\" --array=0-3",
            "short")) {
      assertThatThrownBy(() -> array(Path.of("/d"), "", Duration.ofHours(1), option))
          .as(option)
          .hasMessageStartingWith("--sbatch")
          .hasMessageContaining("'" + option + "'");
    }
    assertThatThrownBy(
            () ->
                new SlurmArray(
                    "x",
                    Path.of("/d"),
                    1,
                    "",
                    1,
                    1,
                    Duration.ofHours(1),
                    List.of(),
                    List.of("a\nb"),
                    List.of()))
        .hasMessageStartingWith("--setup takes one line");
    assertThatThrownBy(() -> array(Path.of("/d\"x"), "", Duration.ofHours(1)))
        .hasMessageContaining("must have no quotes");
  }

  @Test
  void a_machine_without_slurm_says_so() {
    if (!Files.exists(Path.of("/usr/bin/scontrol"))) {
      assertThatThrownBy(() -> array(temp, "", Duration.ofHours(1)).requireRoom())
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("there is no Slurm on this machine");
    }
  }
}
