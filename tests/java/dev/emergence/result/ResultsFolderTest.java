package dev.emergence.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.plan.Plan;
import dev.emergence.plan.Yaml;
import dev.emergence.spec.ExperimentSpec;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFolderTest {
  private static final String ID = Runs.RUN.id();
  @TempDir Path temp;
  private ResultsFolder results;

  @BeforeEach
  void open() {
    results = ResultsFolder.open(temp.resolve("tiny"), Disk.local());
  }

  @Test
  void a_stored_run_reads_back_whole() throws Exception {
    results.run(ID).complete(Runs.record(2.5));
    StoredRun stored = results.load(ID).orElseThrow();
    assertThat(stored.run()).isEqualTo(Runs.RUN);
    assertThat(stored.outcome()).isEqualTo(new Outcome(Outcome.State.COMPLETE, 10, "", 1, 2.5));
    assertThat(stored.curve().column("test.loss")).containsExactly(0.5, 1.0 / 3);
    assertThat(results.run(ID).checkpoint().orElseThrow().tensors().get("w").values())
        .containsExactly(2.5, 0.1);
    Picture picture = results.run(ID).pictures().get(0);
    assertThat(picture.probabilities()).isDeepEqualTo(Runs.PATTERN);
    assertThat(List.of(picture.label(), picture.step(), picture.layer(), picture.head()))
        .isEqualTo(List.of("last", 10L, 1, 2));
    results.run(ID).verify();
  }

  @Test
  void a_run_lies_under_its_first_two_digits_and_nothing_else_is_left() throws Exception {
    results.run(ID).complete(Runs.record(2.5));
    Path group = results.root().resolve("runs").resolve(ID.substring(0, 2));
    try (var entries = Files.list(group)) {
      assertThat(entries.map(p -> p.getFileName().toString())).containsExactly(ID);
    }
    try (var files = Files.list(group.resolve(ID))) {
      assertThat(files.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "config.json",
              "curve.jsonl",
              "checkpoint.safetensors",
              "attention.safetensors",
              "provenance.json",
              "result.json");
    }
  }

  @Test
  void a_continued_run_takes_the_old_ones_place() throws Exception {
    results.run(ID).complete(Runs.record(2.5));
    results.run(ID).complete(Runs.record(3.5));
    assertThat(results.load(ID).orElseThrow().outcome().seconds()).isEqualTo(3.5);
    assertThat(results.ids()).containsExactly(ID);
  }

  @Test
  void damage_to_any_file_of_a_run_is_noticed() throws Exception {
    for (String name :
        List.of(
            "config.json",
            "curve.jsonl",
            "checkpoint.safetensors",
            "attention.safetensors",
            "provenance.json",
            "result.json")) {
      results.run(ID).complete(Runs.record(2.5));
      Path file = results.run(ID).path().resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
      assertThatThrownBy(() -> results.run(ID).verify()).as(name).isInstanceOf(Damaged.class);
    }
  }

  @Test
  void a_provenance_that_was_changed_is_not_shown() throws Exception {
    results.run(ID).complete(Runs.record(2.5));
    assertThat(results.run(ID).provenance()).containsEntry("device", "test");
    Files.writeString(results.run(ID).path().resolve("provenance.json"), "{\"device\": \"best\"}");
    assertThatThrownBy(() -> results.run(ID).provenance())
        .isInstanceOf(Damaged.class)
        .hasMessage("provenance.json does not match the checksum in result.json");
  }

  @Test
  void foreign_content_in_a_runs_place_is_damage_and_never_an_exception_of_another_kind()
      throws Exception {
    for (String content :
        List.of("", "{}", "[]", "null", "{\"checksum\": 3}", "\u0000\u0001", "{".repeat(5000))) {
      Files.createDirectories(results.run(ID).path());
      Files.writeString(results.run(ID).path().resolve("result.json"), content);
      assertThatThrownBy(() -> results.load(ID)).as("'%.20s'", content).isInstanceOf(Damaged.class);
    }
    Files.delete(results.run(ID).path().resolve("result.json"));
    Files.createDirectory(results.run(ID).path().resolve("result.json"));
    assertThatThrownBy(() -> results.load(ID))
        .isInstanceOf(Damaged.class)
        .hasMessage("result.json is not a plain file");
  }

  @Test
  void a_run_under_anothers_name_is_damage() throws Exception {
    results.run(ID).complete(Runs.record(2.5));
    String other = "0123456789abcdef";
    Files.createDirectories(results.run(other).path().getParent());
    Files.move(results.run(ID).path(), results.run(other).path());
    assertThatThrownBy(() -> results.load(other))
        .hasMessage("config.json describes run " + ID + ", found under " + other);
  }

  @Test
  void quarantine_keeps_what_was_found_with_the_reason() throws Exception {
    for (int n = 1; n <= 2; n++) {
      results.run(ID).complete(Runs.record(n));
      Path where = results.quarantine(ID, "reason " + n);
      assertThat(where)
          .isEqualTo(results.root().resolve("quarantine").resolve(ID + "-" + n))
          .isDirectory();
      assertThat(where.resolveSibling(ID + "-" + n + ".txt")).hasContent("reason " + n);
      assertThat(results.load(ID)).isEmpty();
    }
  }

  @Test
  void a_crash_between_two_renames_is_settled() throws Exception {
    RunFolder run = results.run(ID);
    run.complete(Runs.record(1));
    Path old = run.path().resolveSibling(ID + ".old");
    Files.move(run.path(), old);
    run.recover();
    assertThat(results.load(ID).orElseThrow().outcome().seconds()).isEqualTo(1);
    Files.createDirectory(old);
    run.recover();
    assertThat(results.load(ID).orElseThrow().outcome().seconds()).isEqualTo(1);
    assertThat(old).doesNotExist();
  }

  @Test
  void of_two_workers_that_compute_one_run_the_first_wins_and_the_second_compares()
      throws Exception {
    RunFolder first = results.run(ID);
    RunFolder second = results.run(ID);
    RunFolder third = results.run(ID);
    first.begin();
    second.begin();
    third.begin();
    assertThat(first.complete(Runs.record(1))).isEqualTo(Completion.STORED);
    assertThat(second.complete(Runs.record(2))).isEqualTo(Completion.SAME_BITS);
    RunRecord other = Runs.record(3);
    Curve curve = new Curve(List.of("test.loss"), new double[] {0}, new double[][] {{0.25}});
    RunRecord differs =
        new RunRecord(
            other.run(),
            other.outcome(),
            curve,
            other.checkpoint(),
            other.pictures(),
            other.provenance());
    assertThat(third.complete(differs)).isEqualTo(Completion.OTHER_BITS);
    assertThat(results.load(ID).orElseThrow().outcome().seconds()).isEqualTo(1);
    assertThat(first.path().resolveSibling(ID + ".differs"))
        .isDirectoryContaining("glob:**/curve.jsonl");
  }

  @Test
  void damaged_parameters_are_seen_by_size_and_header_without_reading_them() throws Exception {
    RunFolder run = results.run(ID);
    run.begin();
    for (long step : new long[] {5, 6, 7}) {
      run.weights().save(step, Runs.checkpoint(2));
    }
    assertThat(run.weights().damage()).isEmpty();
    Path shorter = run.partial().resolve("weights-5.safetensors");
    byte[] whole = Files.readAllBytes(shorter);
    Files.write(shorter, Arrays.copyOf(whole, whole.length - 1));
    Path header = run.partial().resolve("weights-6.safetensors");
    byte[] changed = whole.clone();
    changed[9] = '!';
    Files.write(header, changed);
    assertThat(run.weights().damage())
        .hasSize(2)
        .anyMatch(what -> what.startsWith("weights-5.safetensors has "))
        .anyMatch(what -> what.startsWith("weights-6.safetensors's header"));
  }

  @Test
  void a_worker_that_was_taken_for_dead_goes_on_when_another_has_finished_its_run()
      throws Exception {
    RunFolder dead = results.run(ID);
    dead.begin();
    results.run(ID).complete(Runs.record(1));
    assertThat(dead.partial()).doesNotExist();
    dead.weights().save(5, Runs.checkpoint(2));
    assertThat(dead.weights().stepsSoFar()).containsExactly(5L);
    Files.delete(dead.partial().resolve("weights-5.safetensors"));
    Files.delete(dead.partial());
    dead.log("goes on");
    assertThat(dead.partial().resolve("log.txt")).hasContent("goes on");
    assertThat(dead.complete(Runs.record(3))).isEqualTo(Completion.SAME_BITS);
    assertThat(dead.partial()).doesNotExist();
  }

  @Test
  void two_workers_at_one_run_keep_its_parameters_under_names_of_their_own() throws Exception {
    List<String> written = new ArrayList<>();
    Disk disk =
        new QuickDisk() {
          @Override
          public void write(Path file, Content content) throws IOException {
            written.add(file.getFileName().toString());
            super.write(file, content);
          }
        };
    RunFolder run = ResultsFolder.open(results.root(), disk).run(ID);
    run.begin();
    run.weights().save(5, Runs.checkpoint(2));
    assertThat(written).contains("weights-5.safetensors.new-" + Writer.PROCESS);
  }

  @Test
  void deaths_are_counted_anew_after_progress() throws Exception {
    RunFolder run = results.run(ID);
    assertThat(run.deaths()).isZero();
    run.died(0);
    run.died(0);
    assertThat(run.deaths()).isEqualTo(2);
    run.died(50);
    assertThat(run.deaths()).isEqualTo(1);
  }

  @Test
  void a_damaged_checkpoint_falls_back_to_the_one_before() throws Exception {
    RunFolder run = results.run(ID);
    run.begin();
    assertThat(run.progress()).isEmpty();
    run.saveProgress(Runs.checkpoint(1));
    run.saveProgress(Runs.checkpoint(2));
    assertThat(run.progress().orElseThrow().tensors().get("w").values()[0]).isEqualTo(2);
    Path file = run.partial().resolve("checkpoint.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(run.progress().orElseThrow().tensors().get("w").values()[0]).isEqualTo(1);
  }

  @Test
  void an_experiment_reads_back_from_what_was_understood() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    results.writePlan(plan, Origin.of("tiny.yaml", Yaml.TINY));
    assertThat(ResultsFolder.read(results.root()).experiment()).isEqualTo(plan.experiment());
    assertThat(results.root().resolve("experiment.yaml")).hasContent(Yaml.TINY);
    assertThat(Files.readAllLines(results.root().resolve("plan.jsonl")))
        .hasSize(plan.runs().size());
  }

  @Test
  void a_folder_of_a_newer_layout_is_refused() throws Exception {
    Files.writeString(results.root().resolve("resolved.json"), "{\"layout\": 2}");
    assertThatThrownBy(() -> ResultsFolder.open(results.root(), Disk.local()))
        .isInstanceOf(FolderUnusable.class)
        .hasMessage(
            results.root()
                + " has layout 2, this version reads up to 1; use the version that wrote it");
  }

  @Test
  void what_is_no_results_folder_is_refused() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "x");
    assertThatThrownBy(() -> ResultsFolder.open(file, Disk.local()))
        .isInstanceOf(FolderUnusable.class)
        .hasMessageContaining("is a file");
    assertThatThrownBy(() -> ResultsFolder.read(temp))
        .isInstanceOf(FolderUnusable.class)
        .hasMessageContaining("is no results folder");
    assertThatThrownBy(() -> results.run("../../etc"))
        .hasMessageContaining("a run id has 16 hex digits");
  }

  @Test
  void nothing_is_written_through_a_link_inside_the_folder() throws Exception {
    Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
    Files.createSymbolicLink(results.root().resolve("tables"), elsewhere);
    Files.createSymbolicLink(results.root().resolve("quarantine"), elsewhere);
    Files.createSymbolicLink(results.root().resolve("runs").resolve(ID.substring(0, 2)), elsewhere);
    Disk.Content content = Disk.Content.of(new byte[] {1});
    assertThatThrownBy(() -> results.writeDerived("tables/runs.csv", content))
        .isInstanceOf(FolderUnusable.class)
        .hasMessageStartingWith(results.root().resolve("tables") + " is a link");
    assertThatThrownBy(() -> results.quarantine(ID, "reason")).hasMessageContaining(" is a link");
    assertThatThrownBy(() -> new Claims(results, ProcessIdentity.current()).take(ID))
        .hasMessageContaining(" is a link");
    Path folder = Files.createDirectory(temp.resolve("folder"));
    Files.createSymbolicLink(folder.resolve("runs"), elsewhere);
    assertThatThrownBy(() -> ResultsFolder.open(folder, Disk.local()))
        .hasMessageStartingWith(folder.resolve("runs") + " is a link");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void what_a_file_system_refuses_is_told_in_words() {
    Map<IOException, String> texts =
        Map.of(
            new AccessDeniedException("/r/x"), "/r/x: permission denied",
            new NoSuchFileException("/r/x"), "/r/x: no such file or folder",
            new FileSystemException("/r/x", null, "Read-only file system"),
                "/r/x: Read-only file system",
            new FileSystemException("/r/x", null, "Disk quota exceeded"),
                "/r/x: Disk quota exceeded; free some space and run again: what is finished is kept",
            new IOException("No space left on device"),
                "No space left on device; free some space and run again: what is finished is kept",
            new IOException(
                    "No space left on device; free some space and run again: what is finished is"
                        + " kept"),
                "No space left on device; free some space and run again: what is finished is kept",
            new FileSystemException("r/tables/runs.csv.new-28325-d9bcc2f0ecd-1", null, "Read-only"),
                "r/tables/runs.csv: Read-only",
            new IOException(), "IOException");
    texts.forEach((error, text) -> assertThat(FileTrouble.text(error)).isEqualTo(text));
  }

  @Test
  void the_experiment_is_understood_once_until_another_command_replaces_it() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    Origin origin = Origin.of("tiny.yaml", Yaml.TINY);
    results.writePlan(plan, origin);
    ExperimentSpec first = results.experiment();
    assertThat(first).isEqualTo(plan.experiment());
    assertThat(results.experiment()).isSameAs(first);
    assertThat(results.derivedIn(temp).experiment()).isSameAs(first);
    results.requireTenancy(first);
    Plan other = Yaml.plan(Yaml.TINY, "seeds.first=5");
    ResultsFolder.open(results.root(), Disk.local()).writePlan(other, origin);
    assertThat(results.experiment()).isEqualTo(other.experiment());
    assertThatThrownBy(() -> results.requireTenancy(first)).isInstanceOf(FolderUnusable.class);
  }
}
