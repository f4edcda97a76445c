package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.result.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plan says of the disk is about what the runs take. */
class DiskNeedTest {
  private static final String FILE =
      """
      dsl: 1
      name: disk
      task: {kind: linear_regression, dim: 2, sequence_length: 4}
      architecture: {kind: transformer, layers: 2, heads: 2, embedding_dim: 32, head_dim: 8}
      training: {optimizer: {kind: adam, learning_rate: 3.0e-3}, batch_size: 16, max_steps: 60}
      measurement:
        evaluate_every: 1
        evaluate_samples: 16
        attention: {record: [relevant, entropy], film: {frames: 12}, pictures_at: [0, last]}
        thresholds: {plateau: {metric: test.loss, below: LEVEL}}
        stop: {when: plateau, extra: 0%}
      """;

  @TempDir Path temp;
  private double parameters;

  private Path file(String level) throws Exception {
    return Files.writeString(temp.resolve("disk.yaml"), FILE.replace("LEVEL", level));
  }

  private long bytes() throws Exception {
    try (var paths = Files.walk(temp.resolve("out").resolve("runs"))) {
      return paths.filter(Files::isRegularFile).mapToLong(p -> p.toFile().length()).sum();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"unreached", "none"})
  void of_finished_runs_with_what_they_keep(String keep) throws Exception {
    Path file = file("1.0e-9");
    String[] kept = {"--set", "execution.keep=" + keep};
    Path out = temp.resolve("out");
    Shell run = Shell.run("run", file, "--out", out, "--in-process", kept[0], kept[1]);
    assertThat(run.code()).as(run.err()).isZero();
    Shell plan = Shell.run("plan", file, "--out", out, "--json", kept[0], kept[1]);
    Map<?, ?> told = (Map<?, ?>) ((List<?>) Json.read(plan.out(), "plan").get("runs")).get(0);
    double worst = number(told, "disk_bytes_worst");
    assertThat((double) bytes()).isBetween(0.7 * worst, 1.3 * worst);
  }

  private static double number(Map<?, ?> told, String name) {
    return ((Number) told.get(name)).doubleValue();
  }

  private double told(String... sets) throws Exception {
    List<Object> command = new ArrayList<>(List.of("plan", file("0.1"), "--no-calibrate"));
    for (String set : sets) {
      command.addAll(List.of("--set", set));
    }
    command.add("--json");
    Shell plan = Shell.run(command.toArray());
    assertThat(plan.code()).as(plan.err()).isZero();
    Map<?, ?> run = (Map<?, ?>) ((List<?>) Json.read(plan.out(), "plan").get("runs")).get(0);
    parameters = number(run, "parameters");
    return number(run, "disk_bytes_worst");
  }

  @Test
  void of_parameters_for_studies_and_patterns_by_their_number_and_size() throws Exception {
    String longer = "task.sequence_length=100";
    double plain = told();
    assertThat(told("measurement.checkpoints_at=[0, last]") - plain)
        .isEqualTo(2 * Float.BYTES * parameters);
    // At 0, 20, 40 and 60.
    assertThat(told("measurement.checkpoints_at={every: 20}") - plain)
        .isEqualTo(4 * Float.BYTES * parameters);
    double heads = 2 * 2 * Float.BYTES;
    assertThat(told("measurement.attention.pictures_at=[0, 10, last]") - plain)
        .as("one more picture")
        .isEqualTo(4 * 4 * heads);
    double frame = told(longer, "measurement.attention.film={frames: 13}") - told(longer);
    assertThat(frame).isEqualTo(64 * 64 * heads);
    assertThat(told("execution.keep=all") - told("execution.keep=none"))
        .isEqualTo(3 * Float.BYTES * parameters);
  }

  @Test
  void of_runs_that_may_not_emerge_at_worst_with_the_state_that_they_would_keep() throws Exception {
    Shell plan = Shell.run("plan", file("0.1"), "--no-calibrate", "--json");
    Map<?, ?> told = (Map<?, ?>) ((List<?>) Json.read(plan.out(), "plan").get("runs")).get(0);
    double state = 3 * Float.BYTES * number(told, "parameters");
    assertThat(number(told, "disk_bytes")).isLessThan(state);
    assertThat(number(told, "disk_bytes_worst")).isGreaterThan(state);
    assertThat(Shell.run("plan", file("0.1"), "--no-calibrate").out())
        .containsPattern("disk about \\S+ KiB, \\S+ KiB at worst");
  }
}
