package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What plan says of runs whose time cannot be estimated. */
class PlanCommandTest {
  private static final String FLOW =
      """
      dsl: 1
      name: flow
      task: {kind: linear_regression, dim: 16, sequence_length: 64, relevant_position: last, relevant_feature: false}
      architecture: {kind: toy, dynamics: reduced}
      training: {optimizer: {kind: gradient_flow}, max_time: 1.0e+6}
      seeds: none
      sweeps: {main: {grid: {task.dim: [16, 32, 64]}}}
      """;

  @TempDir Path temp;

  @Test
  void no_computing_time_is_given_for_flows_whose_steps_are_not_known() throws IOException {
    Path file = Files.writeString(temp.resolve("flow.yaml"), FLOW);
    Shell plan = Shell.run("plan", file, "--out", temp.resolve("out"));
    assertThat(plan.code()).as(plan.err()).isZero();
    assertThat(plan.out())
        .contains("  main: 3 conditions, 3 runs, integrated\n")
        .contains("no device is needed, and no computing time is estimated")
        .contains("  memory up to ")
        .doesNotContain("none", " ms", "longest run");
    assertThat(Shell.run("plan", file, "--out", temp.resolve("out"), "--json").out())
        .contains("\"seconds_expected\": null", "\"steps_expected\": null");
  }

  @Test
  void one_step_is_a_step() throws IOException {
    String text = Yaml.TINY.replaceFirst("max_steps: \\d+", "max_steps: 1");
    Path file = Files.writeString(temp.resolve("tiny.yaml"), text);
    Shell plan = Shell.run("plan", file, "--out", temp.resolve("out"), "--no-calibrate");
    assertThat(plan.code()).as(plan.err()).isZero();
    assertThat(plan.out()).contains(": 1 step of ");
  }

  /** Runs of milliseconds take longer to be claimed and stored than to be computed. */
  @Test
  void very_short_runs_have_time_for_their_files() throws IOException {
    String text = Yaml.TINY.replaceFirst("count: 2", "count: 200").replaceAll("(?s)sweeps:.*", "");
    String brief = text.replaceFirst("max_steps: \\d+", "max_steps: 1");
    Path file = Files.writeString(temp.resolve("brief.yaml"), brief);
    Path out = temp.resolve("out");
    Shell plan = Shell.run("plan", file, "--out", out, "--no-calibrate", "--jobs", "1");
    assertThat(plan.out())
        .contains("  about 2 s with 1 at a time, 2 s at worst (assumed")
        .contains(", with 10 ms for the files of each run)\n");
    Path longer =
        Files.writeString(
            temp.resolve("longer.yaml"),
            text.replaceFirst("max_steps: \\d+", "max_steps: 10000000")
                .replaceFirst("  stop: .*\n", ""));
    assertThat(Shell.run("plan", longer, "--out", out, "--no-calibrate", "--device", "cpu").out())
        .contains("at worst (assumed for cpu)\n");
  }

  /** Of two sizes the larger takes longer, and one condition of four is in both sweeps. */
  @Test
  void a_plan_names_its_sweeps_its_longest_run_and_what_its_steps_rest_on() throws IOException {
    String text =
        Yaml.TINY
            .replace("max_steps: 60", "max_steps: 1000000")
            .replace("task.dim: [4, 6]", "task.dim: [4, 64]");
    Path file = Files.writeString(temp.resolve("sizes.yaml"), text);
    Shell plan = Shell.run("plan", file, "--out", temp.resolve("out"), "--no-calibrate");
    assertThat(plan.out())
        .startsWith("tiny: 6 runs answer 8 conditions and seeds\n")
        .contains("  sizes: 2 conditions, 4 runs, ", "  copies: 2 conditions, 4 runs, ")
        .contains("  expected steps by ", ", a guess here: ");
    String longest = longest(plan.out());
    assertThat(
            Yaml.plan(text).runs().stream()
                .filter(r -> r.run().config().task().toString().contains("dim=64"))
                .map(PlannedRun::id))
        .contains(longest);
    Matcher times =
        Pattern.compile("about (.*) with .* at a time, (.*) at worst").matcher(plan.out());
    assertThat(times.find()).isTrue();
    assertThat(times.group(1)).isNotEqualTo(times.group(2));
    String sure = text.replaceFirst("  stop: .*\n", "");
    Path never = Files.writeString(temp.resolve("never.yaml"), sure);
    assertThat(Shell.run("plan", never, "--no-calibrate").out())
        .startsWith("tiny: 6 runs")
        .doesNotContain("a guess here");
  }

  @Test
  void runs_that_share_nothing_are_counted_once() throws IOException {
    String text = Yaml.TINY.replaceAll("(?s)sweeps:.*", "");
    Path file = Files.writeString(temp.resolve("one.yaml"), text);
    assertThat(Shell.run("plan", file, "--no-calibrate").out()).startsWith("tiny: 2 runs\n");
  }

  private static String longest(String plan) {
    Matcher run = Pattern.compile("longest run ([0-9a-f]+):").matcher(plan);
    assertThat(run.find()).isTrue();
    return run.group(1);
  }
}
