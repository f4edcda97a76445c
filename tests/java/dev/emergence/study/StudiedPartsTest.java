package dev.emergence.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.Experiment;
import dev.emergence.Results;
import dev.emergence.RunOptions;
import dev.emergence.analysis.StudyTable;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which runs, conditions and moments a study has rows of. */
class StudiedPartsTest {
  private static final RunOptions CPU = RunOptions.defaults().onDevice("cpu").withJobs(1);

  @TempDir static Path temp;

  private static final String SHARED =
      StudyWorkTest.YAML.substring(0, StudyWorkTest.YAML.indexOf("studies:"))
          + """
          sweeps: {short: {set: {training.max_steps: 20}}, long: {set: {training.max_steps: 40}}, again: {set: {training.max_steps: 40}}}
          studies:
            ablate: {kind: head_ablation, data: [long, short, again], metric: test.loss, at: last}
          """;

  @Test
  void conditions_that_share_a_run_and_end_elsewhere_are_studied_each() throws IOException {
    Path folder = temp.resolve("ends");
    Results both = Experiment.parse(SHARED).run(folder, CPU);
    List<StudyTable.Row> rows = both.studyTables().get("ablate").rows();
    assertThat(rows)
        .extracting(r -> r.run().condition().sweep() + " " + r.text("step"))
        .as("again sees the runs as long does")
        .containsOnly("short 20", "long 40");
    assertThat(rows).hasSize(2 * 2 * (4 + 1));
    assertThat(both.studies().get(0).open()).isZero();
  }

  @Test
  void the_last_parameters_of_a_condition_are_there_though_others_train_the_run_longer()
      throws IOException {
    String last =
        SHARED
            .replace("checkpoints_at: {every: 10, at: last}", "checkpoints_at: [last]")
            .replace("training.max_steps: 20", "training.max_steps: 25");
    Results both = Experiment.parse(last).run(temp.resolve("last"), CPU);
    assertThat(both.studyTables().get("ablate").without()).isEmpty();
    assertThat(both.studyTables().get("ablate").rows())
        .extracting(r -> r.run().condition().sweep() + " " + r.text("step"))
        .containsOnly("short 25", "long 40");
  }

  @Test
  void the_last_parameters_before_a_stop_are_there_though_others_go_on() throws IOException {
    String stop = "stop: {when: better, extra: 0%}";
    String last =
        SHARED
            .replace("checkpoints_at: {every: 10, at: last}", "checkpoints_at: [last]")
            .replace("below: 0.6}", "below: 10}")
            .replace("training.max_steps: 20", "measurement." + stop);
    Results both = Experiment.parse(last).run(temp.resolve("stopped"), CPU);
    assertThat(both.studyTables().get("ablate").without()).isEmpty();
    assertThat(both.studyTables().get("ablate").rows())
        .extracting(r -> r.run().condition().sweep() + " " + r.text("step"))
        .containsOnly("short 0", "long 40");
  }

  /** As versions did that kept one file a run. */
  @Test
  void a_file_of_a_runs_name_alone_is_read_where_it_answers_the_question() throws IOException {
    Path root = temp.resolve("older");
    Experiment.parse(StudyWorkTest.YAML).run(root, CPU);
    int open = 0;
    for (String name : StudyWorkTest.files(root).keySet()) {
      Path file = root.resolve(name);
      String older = file.getFileName().toString().replaceFirst("-[0-9a-f]+\\.json$", ".json");
      assertThat(older).isNotEqualTo(file.getFileName().toString());
      // What had no rows might only lack one moment, so it is made anew.
      boolean kept = Files.readString(file).contains("\"missing\": \"\"");
      open += kept ? 0 : 1;
      Files.move(file, file.resolveSibling(older));
    }
    assertThat(open).isEqualTo(2);
    assertThat(
            StudyStanding.of(Experiment.parse(StudyWorkTest.YAML).plan(), ResultsFolder.read(root)))
        .extracting(StudyStanding::open)
        .containsExactly(0, 0, 0, 2, 0);
  }

  @Test
  void a_run_that_lacks_one_moment_keeps_the_rows_of_the_others() throws IOException {
    String some = StudyWorkTest.YAML.replace("at: after_never}", "at: [after_never, last]}");
    Results found = Experiment.parse(some).run(temp.resolve("some"), CPU);
    StudyTable lacking = found.studyTables().get("lacking");
    assertThat(lacking.rows()).extracting(r -> r.text("at")).containsOnly("last");
    assertThat(lacking.rows()).hasSize(2 * (4 + 1));
    assertThat(lacking.without())
        .isEqualTo(Map.of("at after_never: threshold never was not reached", 2));
    assertThat(found.studies().get(3)).extracting(s -> s.done()).isEqualTo(2);
  }

  /** Hears of studies, and may throw at the first that ends. */
  private static final class Heard implements Progress {
    final List<String> events = new ArrayList<>();
    private final RuntimeException thrown;

    Heard(RuntimeException thrown) {
      this.thrown = thrown;
    }

    @Override
    public void studying(Map<String, Integer> parts, int atOnce) {
      events.add("studying " + parts + " by " + atOnce);
    }

    @Override
    public void studied(String study, String run, double seconds, String trouble) {
      events.add(study + (seconds > 0 ? " here" : " elsewhere") + trouble);
      if (thrown != null) {
        throw thrown;
      }
    }
  }

  @Test
  void a_listener_hears_of_every_part_that_was_missing() throws IOException {
    Path root = temp.resolve("heard");
    Heard heard = new Heard(null);
    Experiment.parse(SHARED).run(root, CPU.telling(heard));
    assertThat(heard.events)
        .startsWith("studying {ablate=4} by 1")
        .filteredOn("ablate here"::equals)
        .hasSize(4);
    Heard nothing = new Heard(null);
    Experiment.parse(SHARED).run(root, CPU.telling(nothing));
    assertThat(nothing.events).isEmpty();
    Path one = root.resolve(StudyWorkTest.files(root).keySet().iterator().next());
    Files.delete(one);
    Heard again = new Heard(null);
    Experiment.parse(SHARED).run(root, CPU.telling(again));
    assertThat(again.events).containsExactly("studying {ablate=1} by 1", "ablate here");
  }

  @Test
  void what_a_listener_throws_is_thrown_and_the_next_start_goes_on() throws IOException {
    Path root = temp.resolve("thrown");
    Heard throwing = new Heard(new IllegalStateException("not this one"));
    RunOptions own = CPU.until(Interrupt.onRequest()).telling(throwing);
    assertThatThrownBy(() -> Experiment.parse(SHARED).run(root, own)).hasMessage("not this one");
    assertThat(throwing.events).hasSize(2);
    Heard next = new Heard(null);
    Results results = Experiment.parse(SHARED).run(root, CPU.telling(next));
    assertThat(next.events).startsWith("studying {ablate=3} by 1").hasSize(4);
    assertThat(results.studies().get(0).open()).isZero();
  }
}
