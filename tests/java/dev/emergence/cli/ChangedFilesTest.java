package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Yaml;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands say of runs that are stored for an earlier form of their file. */
class ChangedFilesTest {
  private static final String THRESHOLD =
      "measurement.thresholds.plateau={metric: test.loss, below: ";

  @TempDir Path temp;
  private Path file;
  private Path folder;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(temp.resolve("tiny.yaml"), Yaml.TINY);
    folder = temp.resolve("out");
    run(THRESHOLD + "0.3}", "training.max_steps=60");
  }

  /** One run, to its last step. */
  private void run(String... sets) {
    Stream<Object> usual =
        Stream.of("run", file, "--out", folder, "--device", "cpu", "--in-process");
    Stream<String> values =
        Stream.concat(
            Stream.of(
                "seeds=1",
                "sweeps.copies=null",
                "sweeps.sizes.grid={task.dim: [6]}",
                "measurement.stop={never: true}",
                "measurement.attention.pictures_at=[last]",
                "plots={at_last: {kind: attention, data: sizes}}",
                "execution.keep=all"),
            Stream.of(sets));
    Shell shell =
        Shell.run(
            Stream.concat(usual, values.flatMap(value -> Stream.of("--set", value))).toArray());
    assertThat(shell.code()).as(shell.err()).isZero();
  }

  private String id() {
    return ResultsFolder.read(folder).ids().get(0);
  }

  private String shown() {
    return Shell.run("show", id(), "--in", folder).out();
  }

  @Test
  void show_has_the_thresholds_and_the_end_that_list_has() {
    assertThat(shown()).doesNotContain("asked_for");
    run(THRESHOLD + "100}", "training.max_steps=40");
    assertThat(Shell.run("list", folder).out()).contains(" complete@40 plateau=0\n");
    assertThat(shown())
        .containsPattern("last_step: +60")
        .containsPattern("asked_for: +until 40")
        .containsPattern("plateau: +0\n");
    run(THRESHOLD + "0.000001}", "training.max_steps=40");
    assertThat(Shell.run("list", folder).out()).contains(" plateau=unreached\n");
    assertThat(shown()).containsPattern("plateau: +unreached\n");
  }

  @Test
  void show_says_that_a_run_is_not_asked_for_any_more() {
    String id = id();
    run("training.batch_size=3");
    assertThat(Shell.run("show", id, "--in", folder).out())
        .containsPattern("asked_for: +no, the experiment of this folder has no such run");
  }

  @Test
  void exported_weights_of_a_run_that_is_longer_than_its_tables_are_told() throws Exception {
    Path to = temp.resolve("weights");
    Object[] export = {"export", folder, "--format", "safetensors", "--to", to};
    assertThat(Shell.run(export).err()).isEmpty();
    run("training.max_steps=40");
    assertThat(Shell.run(export).err())
        .isEqualTo(
            "1 run was trained further than this experiment asks for, and so are the weights:"
                + " those of %s are of step 60, while tables and figures end at step 40\n"
                    .formatted(id()));
    assertThat(Safetensors.read(to.resolve(id() + ".weights.safetensors")).metadata())
        .containsEntry("step", "60");
  }

  @Test
  void a_figure_names_pictures_that_lie_beyond_its_end() throws Exception {
    assertThat(folder.resolve("plots/at_last.svg")).content().contains("step 60");
    run("training.max_steps=40");
    assertThat(
            Files.readString(folder.resolve("plots/at_last.svg"))
                .replaceAll("<[^>]*>|\\s+", " ")
                .replaceAll(" +", " "))
        .contains("stored: 'last' (step 60, beyond the end of this condition, 40)");
  }
}
