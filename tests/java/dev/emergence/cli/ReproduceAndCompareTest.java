package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many files with one page, and two results beside each other; on the theory, which costs nothing.
 */
class ReproduceAndCompareTest {
  private static final String TOY =
      """
      dsl: 1
      name: NAME
      description: Does <b>it</b> escape?
      task: {kind: linear_regression, dim: 16, sequence_length: 64, relevant_position: last, relevant_feature: false}
      architecture: {kind: toy, dynamics: reduced, scores: tied}
      training:
        optimizer: {kind: gradient_flow}
        max_time: 1.0e+6
      measurement:
        thresholds: {plateau: {metric: test.loss, below: 0.2, relative_to: initial}}
      seeds: none
      sweeps:
        main: {grid: {task.dim: [16, 32, 64], task.sequence_length: [64, 128, 256]}}
      fits:
        escape:
          data: main
          formula: "T_plateau = C * d^alpha * T^beta"
          bootstrap: {resamples: 20}
          published: {alpha: 0.5, beta: 1.0}
          expect: {beta: {near: 1.0, within: WITHIN}}
      """;

  @TempDir Path temp;

  private Path good;
  private Path bad;

  @BeforeEach
  void files() throws IOException {
    good = file("good", "0.2");
    bad = file("bad", "0.0001");
  }

  private Path file(String name, String within) throws IOException {
    Path file = temp.resolve(name + ".yaml");
    Files.writeString(file, Edited.text(TOY, "NAME", name, "WITHIN", within));
    return file;
  }

  @Test
  void one_page_has_every_files_law_beside_the_published_one_with_its_verdict() throws Exception {
    Path out = temp.resolve("results");
    Shell shell = Shell.run("reproduce", good, bad, "--out", out, "--profile", "laptop");
    assertThat(shell.code()).as(shell.err()).isEqualTo(5);
    Path page = out.resolve("reproduce-good-bad/index.html");
    assertThat(shell.out()).contains("good (", "bad (", "page: " + page);
    String html = Files.readString(page);
    assertThat(html)
        .contains("escape: alpha", "escape: beta", "../good/report.html", "../bad/report.html")
        .contains("holds", "fails", "wall time", "Does &lt;b&gt;it&lt;/b&gt; escape?");
    assertThat(html).doesNotContain("<script");
    assertThat(html.split("\\.\\./good/report.html", -1))
        .as("named and timed once in the table, and above its figures")
        .hasSize(1 + 2);
    assertThat(out.resolve("good/report.html")).exists();
  }

  @Test
  void a_second_time_nothing_is_done_again_and_a_file_that_cannot_be_read_stops_no_other()
      throws Exception {
    Path out = temp.resolve("results");
    assertThat(Shell.run("reproduce", good, "--out", out).code()).isZero();
    Path curve;
    try (var all = Files.walk(out.resolve("good/runs"))) {
      curve = all.filter(p -> p.endsWith("curve.jsonl")).findFirst().orElseThrow();
    }
    var before = Files.getLastModifiedTime(curve);
    Path broken = temp.resolve("broken.yaml");
    Files.writeString(broken, "dsl: 1\nnam: x\n");
    Shell shell = Shell.run("reproduce", good, broken, "--out", out);
    assertThat(shell.code()).isEqualTo(3);
    assertThat(shell.err()).contains("unknown key 'nam'");
    assertThat(Files.getLastModifiedTime(curve)).isEqualTo(before);
    assertThat(Files.readString(out.resolve("reproduce-good-broken/index.html")))
        .contains("not run", "unknown key");
    assertThat(Files.readAllLines(out.resolve("reproduce-good-broken/index.md")))
        .filteredOn(line -> line.contains("unknown key 'nam'"))
        .singleElement()
        .asString()
        .contains("did you mean 'name'", " | not run |");
    assertThat(Shell.run("reproduce", "paper9").err()).contains("no file and no paper");
  }

  @Test
  void the_page_in_markdown_links_to_the_file_whatever_the_experiment_is_called() throws Exception {
    Path other = temp.resolve("figure.yaml");
    Files.writeString(other, Files.readString(good).replace("name: good", "name: called"));
    Path out = temp.resolve("results");
    Shell.run("reproduce", other, "--out", out, "--stop-after", "0s");
    assertThat(Files.readString(out.resolve("reproduce-figure/index.md")))
        .contains("| [called](figure.yaml) |");
  }

  @Test
  void a_place_where_nothing_can_be_written_is_refused_as_by_run() throws IOException {
    Path taken = Files.writeString(temp.resolve("taken"), "mine");
    for (Path out : new Path[] {taken, taken.resolve("below")}) {
      Shell shell = Shell.run("reproduce", good, "--out", out);
      assertThat(shell.code()).as(shell.err()).isEqualTo(ExitCode.FOLDER_UNUSABLE);
      assertThat(shell.err()).contains(taken + " is a file; choose another folder with --out");
    }
    assertThat(taken).hasContent("mine");
  }

  @Test
  void what_was_not_run_or_not_to_its_end_is_said_so_and_judged_nowhere() throws Exception {
    Path out = temp.resolve("results");
    Shell shell = Shell.run("reproduce", good, bad, "--out", out, "--stop-after", "0s");
    assertThat(shell.code()).as(shell.err()).isEqualTo(75);
    Path page = out.resolve("reproduce-good-bad");
    assertThat(Files.readString(page.resolve("index.md")))
        .contains("2 experiments, 0 of them with every run")
        .contains("| [bad](bad.yaml) | not run: 9 runs are to be done |  |  |  | not run |  |")
        .doesNotContain("fails", "holds");
    // Some runs of one file: its law is shown, and not judged.
    Shell.run("run", good, "--out", out.resolve("good"), "--where", "d < 64");
    Shell.run("reproduce", good, bad, "--out", out, "--stop-after", "0s");
    assertThat(Files.readString(page.resolve("index.md")))
        .contains("escape: beta | 0.9", "not finished")
        .doesNotContain("fails", "holds");
    assertThat(Files.readString(page.resolve("index.html")))
        .contains("6 of 9 runs", "<span class=\"badge open\">not finished</span>");
  }

  @Test
  void the_same_results_agree_and_others_miss_a_stated_tolerance() {
    Path a = temp.resolve("a");
    Path b = temp.resolve("b");
    assertThat(Shell.run("run", good, "--out", a).code()).isZero();
    Shell.run("run", good, "--out", b, "--set", "measurement.thresholds.plateau.below=0.4");
    Shell same = Shell.run("compare", a, a, "--within", "0");
    assertThat(same.code()).isZero();
    assertThat(same.out())
        .contains("emergence, B over A (geometric mean over paired seeds):")
        .contains("main task.dim=16 task.sequence_length=64 plateau   1.0000  1 pair")
        .contains("configuration (outside of sweeps): the same", "provenance: the same", "holds");
    Shell other = Shell.run("compare", a, b, "--within", "1%");
    assertThat(other.code()).isEqualTo(5);
    assertThat(other.out())
        .contains("MISSED", "measurement.thresholds.plateau.below: A 0.2, B 0.4", "escape alpha");
    assertThat(Shell.run("compare", a, b).code()).isZero();
    assertThat(Shell.run("compare", a, b, "--within", "x").err()).contains("5% or 0.05");
  }

  @Test
  void whole_numbers_are_written_as_list_writes_them() throws IOException {
    String text =
        Edited.text(
            TOY,
            "NAME",
            "share",
            "WITHIN",
            "0.2",
            "task.sequence_length: [64, 128, 256]",
            "repetition.cross_sample: [0.0, 0.25]",
            "T^beta",
            "(1 + p)^beta");
    Path file = Files.writeString(temp.resolve("share.yaml"), text);
    Path a = temp.resolve("a");
    Path b = temp.resolve("b");
    Shell.run("run", file, "--out", a);
    Shell.run("run", file, "--out", b, "--set", "training.max_time=2e6");
    assertThat(Shell.run("list", a).out()).contains("cross_sample=0 ", "cross_sample=0.25 ");
    assertThat(Shell.run("compare", a, b).out())
        .contains("main task.dim=16 repetition.cross_sample=0 ", "cross_sample=0.25 ")
        .contains("training.max_time: A 1000000, B 2000000\n");
  }

  @Test
  void as_many_runs_of_unreadable_provenance_on_both_sides_are_told() throws IOException {
    Path a = temp.resolve("a");
    assertThat(Shell.run("run", good, "--out", a).code()).isZero();
    try (Stream<Path> files = Files.walk(a.resolve("runs"))) {
      Path one = files.filter(f -> f.endsWith("provenance.json")).findFirst().orElseThrow();
      Files.writeString(one, "{");
    }
    assertThat(Shell.run("compare", a, a).out())
        .contains("\nprovenance:\n  unreadable: A 1 run, B 1 run\n");
  }

  @Test
  void keys_of_a_threshold_that_one_alone_has_are_absent_in_the_other() throws IOException {
    String two =
        Edited.text(
            TOY,
            "{plateau:",
            "{start: {metric: test.loss, below: 2, relative_to: initial}, plateau:",
            "WITHIN",
            "0.2",
            "NAME",
            "two");
    Path file = Files.writeString(temp.resolve("two.yaml"), two);
    Path a = temp.resolve("a");
    Path b = temp.resolve("b");
    assertThat(Shell.run("run", file, "--out", a).code()).isZero();
    assertThat(Shell.run("run", good, "--out", b).code()).isZero();
    assertThat(Shell.run("compare", a, b).out())
        .contains("  measurement.thresholds.start.below: A 2, B absent\n")
        .doesNotContain("null", "start.above");
  }

  @Test
  void a_sweep_of_one_file_alone_is_named_and_what_is_passed_at_the_start_is_alike()
      throws IOException {
    String more =
        Edited.text(
            TOY,
            "sweeps:\n",
            "sweeps:\n  extra: {grid: {task.dim: [16]}}\n",
            "{plateau:",
            "{start: {metric: test.loss, below: 2, relative_to: initial}, plateau:",
            "NAME",
            "more",
            "WITHIN",
            "0.2");
    Path first = Files.writeString(temp.resolve("more.yaml"), more);
    Path second =
        Files.writeString(
            temp.resolve("less.yaml"),
            Edited.text(
                more, "  extra: {grid: {task.dim: [16]}}\n", "", "name: more", "name: less"));
    Path a = temp.resolve("a");
    Path b = temp.resolve("b");
    assertThat(Shell.run("run", first, "--out", a).code()).isZero();
    assertThat(Shell.run("run", second, "--out", b).code()).isZero();
    Shell shell = Shell.run("compare", a, b, "--within", "0");
    assertThat(shell.out())
        .contains("main task.dim=16 task.sequence_length=64 start     1.0000  1 pair")
        .contains("1 condition in A alone: extra task.dim=16  MISSED")
        .doesNotContain("in neither", "alone: main");
    assertThat(shell.code()).isEqualTo(5);
    assertThat(Shell.run("compare", b, a).out())
        .contains("1 condition in B alone: extra task.dim=16\n");
  }

  @Test
  void two_files_of_one_name_are_refused_before_anything_is_written() throws IOException {
    Path other = Files.writeString(temp.resolve("other.yaml"), Files.readString(good));
    Path out = temp.resolve("both");
    Shell shell = Shell.run("reproduce", good, other, "--out", out);
    assertThat(shell.code()).isEqualTo(3);
    assertThat(shell.err()).contains("are both called 'good'", "give one another name");
    assertThat(out.resolve("good")).doesNotExist();
  }

  @Test
  void a_profile_that_no_file_has_is_refused_where_some_have_others() throws IOException {
    Path out = temp.resolve("sizes");
    Path sized = file("sized", "0.2");
    String profiles = Files.readString(sized) + "profiles: {laptop: {seeds: none}}\n";
    Files.writeString(sized, profiles);
    Shell shell = Shell.run("reproduce", good, sized, "--out", out, "--profile", "laptp");
    assertThat(shell.code()).isEqualTo(2);
    assertThat(shell.err())
        .startsWith("emergence: none of the files has the profile 'laptp'; did you mean 'laptop'?")
        .hasLineCount(1);
    assertThat(out.resolve("good")).doesNotExist();
    assertThat(Shell.run("reproduce", good, "--out", out, "--profile", "laptop").err())
        .startsWith("none of the files has the profile 'laptop': all run at full size\n");
  }

  @Test
  void a_gpu_that_flows_do_not_use_is_named() {
    Path a = temp.resolve("a");
    String note = "device cuda is not used: flows are integrated on the processor\n";
    assertThat(Shell.run("run", good, "--out", a, "--device", "cuda").err()).contains(note);
    assertThat(Shell.run("run", good, "--out", a, "--device", "cuda").err())
        .as("nothing is left to do")
        .doesNotContain("device");
    assertThat(Shell.run("run", bad, "--out", temp.resolve("b"), "--device", "cpu").err())
        .doesNotContain("device c");
  }

  @Test
  void a_whole_number_is_no_share() {
    Path a = temp.resolve("a");
    assertThat(Shell.run("run", good, "--out", a).code()).isZero();
    Shell shell = Shell.run("compare", a, a, "--within", "5");
    assertThat(shell.code()).isEqualTo(2);
    assertThat(shell.err()).contains("got '5'; write 5%, or 500%");
  }
}
