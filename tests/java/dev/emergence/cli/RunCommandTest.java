package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Disk;
import dev.emergence.result.Json;
import dev.emergence.result.LiveRows;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.RunFolder;
import dev.emergence.result.RunRecord;
import dev.emergence.result.Safetensors;
import dev.emergence.result.StoredRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole experiments, from a file to tables, on the cpu backend. */
class RunCommandTest {
  /** The theory gives alpha near 0.5, so what is expected decides the verdict. */
  private static final String TOY =
"""
dsl: 1
name: toy
task: {kind: linear_regression, dim: 16, sequence_length: 128, relevant_position: last, relevant_feature: false}
architecture: {kind: toy}
training: {optimizer: {kind: gradient_flow}, max_time: 10000}
measurement:
  test_sets: {test: {}}
  thresholds: {plateau: {metric: test.loss, below: 0.2, relative_to: initial}}
seeds: none
sweeps: {sizes: {grid: {task.dim: [16, 32, 64]}}}
fits:
  law: {data: sizes, formula: "T_plateau = C * d^alpha", published: {alpha: 0.49}, expect: {alpha: {near: EXPECTED, within: 0.1}}}
plots:
  scaling: {kind: scaling, data: sizes, x: d, y: plateau.time, line: law}
""";

  @TempDir Path temp;
  private Path file;
  private Path folder;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(temp.resolve("tiny.yaml"), Yaml.TINY);
    folder = temp.resolve("out");
  }

  private Shell run(Object... more) {
    Object[] all =
        Stream.concat(
                Stream.of("run", file, "--out", folder, "--device", "cpu", "--in-process"),
                Stream.of(more))
            .toArray();
    return Shell.run(all);
  }

  private String table() throws IOException {
    return Files.readString(folder.resolve("tables/runs.csv"));
  }

  /** Everything that is stored of runs but times. */
  private String curves() throws IOException {
    StringBuilder out = new StringBuilder();
    for (String id : ResultsFolder.read(folder).ids()) {
      out.append(id)
          .append('\n')
          .append(
              Files.readString(ResultsFolder.read(folder).run(id).path().resolve("curve.jsonl")));
    }
    return out.toString();
  }

  @Test
  void a_file_becomes_a_table_and_the_second_start_does_nothing() throws Exception {
    Shell first = run();
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.err()).contains("6/6 run ");
    assertThat(table().lines()).hasSize(1 + 8);
    assertThat(table())
        .startsWith(
            "run,sweep,condition,seed,threshold,state,emergence,emergence_lower,last_step,final_metric,loss_at_emergence,");
    String before = table();
    Shell second = run();
    assertThat(second.code()).isZero();
    assertThat(second.err()).doesNotContain("run ");
    assertThat(table()).isEqualTo(before);
    assertThat(Shell.run("status", folder).out()).isEqualTo("tiny: 6 runs\n       6 complete\n");
    assertThat(Shell.run("list", folder, "--only", "copies", "--where", "B == 2").out())
        .hasLineCount(2)
        .contains("repetition.in_context=2 seed=4");
  }

  @Test
  void jobs_locale_and_cadence_of_evaluation_leave_training_alone() throws Exception {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      assertThat(run("--jobs", 2).code()).isZero();
    } finally {
      Locale.setDefault(before);
    }
    String table = table();
    String curves = curves();
    folder = temp.resolve("alone");
    assertThat(run("--jobs", 1).code()).isZero();
    assertThat(table()).isEqualTo(table);
    assertThat(curves()).isEqualTo(curves);
    folder = temp.resolve("rare");
    assertThat(
            run("--set", "measurement.evaluate_every=20", "--where", "d == 6", "--jobs", 1).code())
        .isZero();
    List<String> rare = curves().lines().filter(l -> l.startsWith("{\"step\":40,")).toList();
    assertThat(rare).hasSize(2).allSatisfy(row -> assertThat(curves).contains(row));
  }

  @Test
  void more_steps_go_on_from_the_stored_run() throws Exception {
    String never = "measurement.stop={never: true}";
    assertThat(run("--set", never, "--set", "training.max_steps=30", "--only", "sizes").code())
        .isZero();
    String shorter = curves();
    Shell longer = run("--set", never, "--only", "sizes");
    assertThat(longer.code()).isZero();
    for (String row : shorter.lines().toList()) {
      assertThat(curves()).contains(row);
    }
    String continued = curves();
    folder = temp.resolve("whole");
    assertThat(run("--set", never, "--only", "sizes").code()).isZero();
    assertThat(continued).isEqualTo(curves());
  }

  @Test
  void an_expectation_that_is_missed_is_5_and_named() throws Exception {
    Files.writeString(file, Edited.text(TOY, "EXPECTED", "1.3"));
    Shell shell = run();
    assertThat(shell.code()).as(shell.err()).isEqualTo(5);
    assertThat(shell.out())
        .contains(
            "law: T_plateau = C * d^alpha",
            "published 0.49",
            "expected 1.3 ± 0.1: MISSED",
            "3 points");
    Files.writeString(file, Edited.text(TOY, "EXPECTED", "0.5"));
    assertThat(run().code()).isZero();
    assertThat(folder.resolve("tables/laws.tex")).exists();
    assertThat(Shell.run("fit", folder).out()).contains("expected 0.5 ± 0.1: holds");
    assertThat(folder.resolve("tables/laws.tex")).as("fit leaves what report wrote").exists();
    assertThat(Json.read(folder.resolve("fits.json"))).containsKey("law");
    Files.delete(folder.resolve("report.html"));
    assertThat(Shell.run("report", folder).out())
        .endsWith("report: " + folder.resolve("report.html") + "\n");
    assertThat(folder.resolve("report.html")).content().contains("T_plateau");
    assertThat(folder.resolve("plots/scaling.svg")).content().startsWith("<");
    assertThat(Shell.run("plot", folder).code()).isZero();
  }

  @Test
  void runs_that_diverge_are_4_and_told() {
    Shell shell = run("--set", "training.optimizer.learning_rate=1e6", "--only", "copies");
    assertThat(shell.code()).isEqualTo(4);
    assertThat(shell.err())
        .contains(" diverged: ", "0 of 4 runs are complete, 4 failed or diverged");
    assertThat(Shell.run("status", folder).out()).contains("4 diverged", "2 to do");
  }

  @Test
  void time_that_is_over_is_75_and_the_next_start_goes_on() throws Exception {
    Shell stopped = run("--stop-after", "0s");
    assertThat(stopped.code()).isEqualTo(75);
    assertThat(stopped.err())
        .contains(
            "stopped: the time given by --stop-after is over; 0 of 6 runs are complete.",
            "the same command goes on from here");
    assertThat(run().code()).isZero();
  }

  @Test
  void time_that_is_over_when_nothing_is_left_to_do_changes_nothing() throws Exception {
    assertThat(run().code()).isZero();
    Files.delete(folder.resolve("report.html"));
    Shell again = run("--stop-after", "0s");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.err()).doesNotContain("stopped");
    assertThat(folder.resolve("report.html")).exists();
    Shell worker = Shell.run("worker", folder, "--device", "cpu", "--stop-after", "0s");
    assertThat(worker.code()).as(worker.err()).isZero();
  }

  @Test
  void verify_takes_a_device_for_a_replay_alone() {
    assertThat(run("--only", "sizes", "--where", "d == 4 and seed == 3").code()).isZero();
    assertThat(Shell.run("verify", folder, "--device", "cpu").code()).isEqualTo(ExitCode.USAGE);
    assertThat(Shell.run("verify", folder).out()).isEqualTo("1 run checked, all well\n");
  }

  @Test
  void verify_finds_damage_repairs_it_and_compares_bits() throws Exception {
    assertThat(run("--only", "sizes").code()).isZero();
    Shell well = Shell.run("verify", folder, "--replay", 2, "--device", "cpu");
    assertThat(well.code()).as(well.out()).isZero();
    assertThat(well.out()).contains("replayed on cpu: the same bits", "4 runs checked, all well");
    assertThat(well.err()).contains("1/2 run ", "2/2 run ").doesNotContain("/0 run", "-");
    String id = ResultsFolder.read(folder).ids().get(1);
    Files.writeString(ResultsFolder.read(folder).run(id).path().resolve("provenance.json"), "{}");
    Shell damaged = Shell.run("verify", folder);
    assertThat(damaged.code()).isEqualTo(6);
    assertThat(damaged.out())
        .contains("run " + id + ": provenance.json does not match the checksum");
    assertThat(Shell.run("verify", folder, "--repair").out())
        .contains("it lies now in " + folder.resolve("quarantine"))
        .endsWith("4 runs checked, 1 not well\n");
    assertThat(Shell.run("verify", folder).out()).contains("3 runs checked, all well");
    assertThat(run("--only", "sizes").err()).contains("1/1 run " + id);
  }

  @Test
  void a_worker_drains_the_plan_of_a_folder() throws Exception {
    assertThat(
            Shell.run("submit", file, "--to", "slurm", "--out", folder, "--workers", 3, "--dry-run")
                .out())
        .startsWith("#!/bin/bash")
        .contains("--array=0-2", "worker '" + folder.toRealPath() + "'");
    Shell worker =
        Shell.run("worker", folder, "--slot", 1, "--device", "cpu", "--stop-after", "10min");
    assertThat(worker.code()).as(worker.err()).isZero();
    assertThat(worker.err()).startsWith("worker 1 on cpu").contains("6 of 6 runs are complete");
    assertThat(Shell.run("status", folder, "--watch").out())
        .isEqualTo("tiny: 6 runs\n       6 complete\n");
    assertThat(Shell.run("report", folder).code()).isZero();
  }

  @Test
  void plan_learns_from_the_runs_that_are_finished() {
    String longer = "training.max_steps=400";
    assertThat(run("--where", "d == 4", "--set", longer).code()).isZero();
    assertThat(Shell.run("plan", file, "--no-calibrate", "--out", folder, "--set", longer).out())
        .contains("expected steps follow from the runs that are finished");
  }

  @Test
  void a_part_that_was_asked_for_is_no_miss() throws Exception {
    Files.writeString(
        file,
        Edited.text(TOY, "EXPECTED", "1.3")
            + "claims: {faster: {data: sizes, of: plateau.time, baseline: {d: 64}, ratio: best,"
            + " at_least: 100.0}}\n");
    Shell part = run("--where", "d == 16");
    assertThat(part.code()).as(part.out() + part.err()).isZero();
    assertThat(part.out()).contains("not judged, 2 runs are missing").doesNotContain("MISSED");
    assertThat(Json.read(folder.resolve("fits.json")).toString()).contains("judged=false");
    assertThat(Shell.run("fit", folder).code()).isZero();
    assertThat(run().code()).isEqualTo(5);
  }

  @Test
  void a_threshold_that_runs_did_not_wait_for_is_not_called_unreached() throws Exception {
    Object[] deeper = {
      "--only",
      "sizes",
      "--set",
      "measurement.thresholds.deep={metric: test.loss, below: 1.0e-9}",
      "--set",
      "measurement.thresholds.plateau={metric: test.loss, below: 10}"
    };
    Shell shell = run(deeper);
    assertThat(shell.code()).as(shell.err()).isZero();
    assertThat(shell.out())
        .contains(
            "deep was not looked for to the end: 4 runs ended before it, as measurement.stop says;"
                + " `--set measurement.stop.when=deep` goes on with them");
    assertThat(table()).contains(",deep,stopped,").doesNotContain(",deep,unreached,");
    Object[] further =
        Stream.concat(Stream.of(deeper), Stream.of("--set", "measurement.stop.when=deep"))
            .toArray();
    assertThat(run(further).out()).doesNotContain("not looked for");
    assertThat(table()).contains(",deep,unreached,");
  }

  @Test
  void only_runs_that_may_be_continued_keep_their_state() throws Exception {
    Object[] emerged = {
      "--only", "sizes", "--set", "measurement.thresholds.plateau={metric: test.loss, below: 10}"
    };
    assertThat(run(emerged).code()).isZero();
    assertThat(checkpoints()).isZero();
    Shell weights = Shell.run("export", folder, "--format", "safetensors");
    assertThat(weights.err()).contains("4 runs keep no weights", "execution.keep=all");
    assertThat(Shell.run("export", folder, "--format", "pdf").err())
        .isEqualTo("there is no figure to write as pdf\n");
    String curves = curves();
    Object[] all =
        Stream.concat(Stream.of(emerged), Stream.of("--set", "execution.keep=all")).toArray();
    assertThat(run(all).code()).isZero();
    assertThat(checkpoints()).isEqualTo(4);
    assertThat(curves()).isEqualTo(curves);
    folder = temp.resolve("unreached");
    assertThat(run("--only", "sizes", "--set", "measurement.stop={never: true}").code()).isZero();
    assertThat(checkpoints()).isEqualTo(4);
    folder = temp.resolve("none");
    assertThat(
            run(
                    "--only",
                    "sizes",
                    "--set",
                    "measurement.stop={never: true}",
                    "--set",
                    "execution.keep=none")
                .code())
        .isZero();
    assertThat(checkpoints()).isZero();
  }

  private long checkpoints() throws IOException {
    try (var paths = Files.walk(folder)) {
      return paths.filter(p -> p.endsWith("checkpoint.safetensors")).count();
    }
  }

  @Test
  void tables_name_runs_so_that_no_program_takes_them_for_numbers() throws Exception {
    assertThat(run("--only", "sizes").code()).isZero();
    assertThat(table().lines().skip(1)).allMatch(line -> line.matches("r[0-9a-f]{16},.*"));
    assertThat(Files.readString(folder.resolve("tables/curves.csv")).lines().skip(1))
        .allMatch(line -> line.matches("r[0-9a-f]{16},.*"));
    String id = table().lines().skip(1).findFirst().orElseThrow().split(",")[0];
    assertThat(Shell.run("show", id, "--in", folder).out()).contains(id.substring(1));
  }

  @Test
  void show_calls_a_threshold_of_a_run_that_diverged_as_list_does() throws Exception {
    String[] much = {
      "--set", "training.optimizer.learning_rate=1000000", "--where", "d == 4 and seed == 3"
    };
    assertThat(run("--only", "sizes", much[0], much[1], much[2], much[3]).code())
        .isEqualTo(ExitCode.RUNS_FAILED);
    assertThat(Shell.run("list", folder).out()).contains(" plateau=diverged");
    String id = ResultsFolder.read(folder).ids().get(0);
    assertThat(Shell.run("show", id, "--in", folder).out())
        .containsPattern("plateau: +diverged")
        .doesNotContain("unreached");
  }

  @Test
  void a_status_that_watches_ends_when_its_folder_is_moved() throws Exception {
    assertThat(run("--where", "d == 4").code()).isZero();
    AtomicReference<Shell> said = new AtomicReference<>();
    Thread watch =
        new Thread(() -> said.set(Shell.run("status", folder, "--watch", "--every", "100ms")));
    watch.start();
    while (watch.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    Files.move(folder, folder.resolveSibling("moved"));
    watch.join();
    assertThat(said.get().code()).isEqualTo(ExitCode.FOLDER_UNUSABLE);
    assertThat(said.get().err()).contains("is gone: it was moved or deleted meanwhile");
  }

  @Test
  void show_tells_all_about_a_run_by_the_first_digits_of_its_id() throws Exception {
    assertThat(run("--only", "sizes", "--where", "d == 6 and seed == 3").code()).isZero();
    String id = ResultsFolder.read(folder).ids().get(0);
    assertThat(Shell.run("show", id.substring(0, 5), "--in", folder).out())
        .containsPattern("run: +" + id)
        .containsPattern("state: +complete")
        .containsPattern("(?m)^ +dim: +6$")
        .doesNotContain("{");
    Shell shell = Shell.run("show", id.substring(0, 5), "--in", folder, "--json");
    assertThat(shell.out())
        .contains(
            "\"run\": \"" + id + "\"",
            "\"state\": \"complete\"",
            "\"dim\": 6",
            "\"seed\": 3",
            "\"device\": \"cpu");
    assertThat(Shell.run("show", "ffff", "--in", folder).err())
        .contains("no run begins with 'ffff'");
  }

  @Test
  void weights_and_patterns_are_exported() throws Exception {
    assertThat(
            run(
                    "--only",
                    "sizes",
                    "--where",
                    "d == 6 and seed == 3",
                    "--set",
                    "measurement.attention.pictures_at=[last]",
                    "--set",
                    "execution.keep=all")
                .code())
        .isZero();
    Path to = temp.resolve("weights");
    assertThat(Shell.run("export", folder, "--format", "safetensors", "--to", to).out())
        .isEqualTo(to + ": 2 files\n");
    String id = ResultsFolder.read(folder).ids().get(0);
    Safetensors weights = Safetensors.read(to.resolve(id + ".weights.safetensors"));
    long expected = (7 * 8 + 8) + (4 * 64 + 4 * 8) + (2 * 64 + 16) + (8 * 6 + 6);
    assertThat(weights.tensors().values().stream().mapToLong(v -> v.values().length).sum())
        .isEqualTo(expected);
    assertThat(weights.tensors().keySet())
        .noneMatch(name -> name.contains("adam") || name.contains("batch"));
    assertThat(Safetensors.read(to.resolve(id + ".attention.safetensors")).tensors().keySet())
        .containsExactlyInAnyOrder("picture/last/60/1/1", "picture/true-keys/0/1/1");
  }

  @Test
  void what_a_paper_needs_is_exported_and_files_of_others_stay() throws Exception {
    Files.writeString(file, Edited.text(TOY, "EXPECTED", "0.5"));
    assertThat(run().code()).isZero();
    Path to = temp.resolve("paper");
    Shell shell = Shell.run("export", folder, "--to", to);
    assertThat(shell.code()).as(shell.err()).isZero();
    try (var files = Files.list(to)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .contains("runs.csv", "conditions.csv", "laws.tex", "emergence.tex", "scaling.svg")
          .contains("scaling.pdf", "scaling.png");
    }
    assertThat(shell.out()).startsWith(to + ": ").hasLineCount(1);
    assertThat(to.resolve("laws.tex")).content().contains("\\toprule");
    assertThat(Files.readString(to.resolve("conditions.csv")).lines()).hasSize(1 + 3);
    assertThat(Shell.run("export", folder, "--to", to).code()).isZero();
    Shell none = Shell.run("export", folder, "--to", to, "--format", "sequences");
    assertThat(none.out()).isEqualTo(to + ": 0 files\n");
    assertThat(none.err()).contains("3 runs have no sequences: the toy model");
    Path other = Files.createDirectory(temp.resolve("other"));
    Files.writeString(other.resolve("scaling.svg"), "mine");
    Shell refused = Shell.run("export", folder, "--to", other, "--format", "svg");
    assertThat(refused.code()).isEqualTo(ExitCode.FOLDER_UNUSABLE);
    assertThat(refused.err()).contains("scaling.svg is there already and no export of ours");
    assertThat(other.resolve("scaling.svg")).hasContent("mine");
  }

  @Test
  void a_precision_that_the_device_lacks_is_told_before_the_first_run() {
    Shell shell = run("--set", "training.precision=bf16");
    assertThat(shell.code()).isEqualTo(7);
    assertThat(shell.err())
        .contains("device cpu cannot train with precision bf16: ", "write precision: float32")
        .doesNotContain("Exception", "failed");
    Shell plan = Shell.run("plan", file, "--device", "cpu", "--set", "training.precision=tf32");
    assertThat(plan.code()).isEqualTo(7);
    assertThat(plan.err()).contains("cannot train with precision tf32");
  }

  @Test
  void a_run_that_was_interrupted_is_called_so_everywhere() throws Exception {
    assertThat(run("--stop-after", "0s").code()).isEqualTo(75);
    assertThat(Shell.run("list", folder).out()).contains(" to do\n").doesNotContain("missing");
    String id = Shell.run("list", folder).out().split(" ")[0];
    Files.createDirectories(ResultsFolder.read(folder).run(id).partial());
    assertThat(Shell.run("list", folder).out()).contains(id + " sizes", " interrupted\n");
    assertThat(Shell.run("status", folder).out()).contains("1 interrupted");
  }

  @Test
  void a_list_calls_runs_that_are_continued_as_status_does_and_says_how_far_they_are()
      throws Exception {
    assertThat(run().code()).isZero();
    Object[] longer = {
      "--set",
      "training.max_steps=600",
      "--set",
      "measurement.stop={never: true}",
      "--stop-after=0s"
    };
    assertThat(run(longer).code()).isEqualTo(75);
    assertThat(Shell.run("status", folder).out()).contains("6 to continue");
    String listed = Shell.run("list", folder).out();
    assertThat(listed.lines()).isNotEmpty().allMatch(line -> line.contains(" to continue"));
    assertThat(listed).contains("seed=3 to continue@60\n");
    String id = listed.split(" ")[0];
    ResultsFolder results = ResultsFolder.read(folder);
    Files.createDirectories(results.run(id).partial());
    LiveRows live = ResultsFolder.open(folder, Disk.local()).run(id).liveRows();
    live.add(List.of("test.loss"), 170, new double[] {0.4});
    live.write(List.of());
    assertThat(Shell.run("list", folder).out()).contains(id + " sizes", " interrupted@170");
  }

  @Test
  void runs_of_another_build_are_refused_when_one_origin_is_asked_for() throws Exception {
    assertThat(run().code()).isZero();
    assertThat(run("--same-provenance").code()).isZero();
    storeAsOfAnotherBuild(ResultsFolder.read(folder).ids().get(0));
    assertThat(run("--same-provenance"))
        .satisfies(shell -> assertThat(shell.code()).isEqualTo(ExitCode.FOLDER_UNUSABLE))
        .satisfies(
            shell ->
                assertThat(shell.err())
                    .contains("holds finished runs of", "another-", "(1)", "--out"));
  }

  private void storeAsOfAnotherBuild(String id) throws Exception {
    RunFolder place = ResultsFolder.open(folder, Disk.local()).run(id);
    StoredRun stored = place.load();
    Map<String, Object> provenance = new LinkedHashMap<>(place.provenance());
    provenance.compute("commit", (key, commit) -> "another-" + commit);
    place.complete(
        new RunRecord(
            stored.run(),
            stored.outcome(),
            stored.curve(),
            Optional.empty(),
            place.pictures(),
            provenance));
  }

  @Test
  void a_list_tells_variants_apart() throws IOException {
    Path variants =
        Files.writeString(
            temp.resolve("variants.yaml"),
            Edited.text(
                Yaml.TINY,
                "sweeps:\n",
                "sweeps:\n  two: {variants: {plain: {}, larger: {training: {batch_size: 4}}}}\n"));
    Path out = temp.resolve("variants");
    Shell.run("run", variants, "--out", out, "--device", "cpu", "--in-process");
    assertThat(Shell.run("list", out).out()).contains(" two plain seed=", " two larger seed=");
  }

  @Test
  void a_plan_counts_no_more_at_a_time_than_there_are_runs() {
    assertThat(Shell.run("plan", file, "--jobs", 50, "--no-calibrate").out())
        .contains(" with 6 at a time");
  }
}
