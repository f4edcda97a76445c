package dev.emergence.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.execute.run.Standing;
import dev.emergence.execute.run.Standings;
import dev.emergence.execute.run.Summary;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Claims;
import dev.emergence.result.ProcessIdentity;
import dev.emergence.result.ResultsFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is stored of a run is read once. */
class StandingsTest extends ExecutionFixture {
  private static final String NEVER = "measurement.stop={never: true}";

  private static void damage(ResultsFolder folder, PlannedRun run) throws Exception {
    Path curve = folder.run(run.id()).path().resolve("curve.jsonl");
    Files.writeString(curve, "not a curve\n");
  }

  @Test
  void a_settled_run_is_not_read_again() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    ResultsFolder folder = folder("a");
    run(plan, folder);
    Standings before = Standings.of(plan, folder);
    for (PlannedRun run : plan.runs()) {
      damage(folder, run);
    }
    assertThat(Standings.of(plan, folder).all()).allMatch(s -> s.state() == Standing.State.DAMAGED);
    Standings seen = before.again().in(plan.only(a -> a.seed() == 3));
    assertThat(seen.all()).hasSize(3).allMatch(s -> s.state() == Standing.State.COMPLETE);
    assertThat(seen.stored()).hasSize(3);
    Summary summary =
        new Execution(engine(1, fake()), 1, Interrupt.onRequest(), Progress.SILENT)
            .run(plan, before);
    assertThat(summary.isComplete()).isTrue();
    assertThat(summary.runs().stored()).hasSize(6);
  }

  @Test
  void a_run_that_was_open_is_looked_at_again() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    ResultsFolder folder = folder("a");
    Standings before = Standings.of(plan, folder);
    assertThat(before.open()).isEqualTo(plan.runs());
    assertThat(before.stored()).isEmpty();
    run(plan.only(a -> a.seed() == 4), folder);
    Standings now = before.again();
    assertThat(now.open()).extracting(r -> r.run().seed()).containsOnly(3);
    assertThat(now.stored()).hasSize(3);
    assertThat(before.stored()).isEmpty();
  }

  @Test
  void a_run_is_interrupted_also_where_it_was_being_continued() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    ResultsFolder folder = folder("a");
    run(plan, folder);
    Plan longer = Yaml.plan(Edited.text(Yaml.TINY, "max_steps: 60", "max_steps: 600"), NEVER);
    PlannedRun first = longer.runs().get(0);
    Files.createDirectories(folder.run(first.id()).partial());
    for (Standing s : Standings.of(longer, folder).all()) {
      boolean begun = s.run().equals(first);
      assertThat(s.state())
          .isEqualTo(begun ? Standing.State.INTERRUPTED : Standing.State.TO_CONTINUE);
    }
  }

  @Test
  void a_listener_hears_once_how_runs_stand_that_go_on() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY, NEVER, "execution.keep=all");
    ResultsFolder folder = folder("a");
    run(plan.only(a -> a.seed() == 3), folder);
    Plan longer = Yaml.plan(Edited.text(Yaml.TINY, "max_steps: 60", "max_steps: 600"), NEVER);
    Standings before = Standings.of(longer, folder);
    PlannedRun first = before.begun().get(0).run();
    List<String> heard = new ArrayList<>();
    Progress listener =
        new Progress() {
          @Override
          public void open(List<PlannedRun> runs) {
            heard.add("open " + runs.size());
          }

          @Override
          public void begun(List<Standing> runs) {
            runs.forEach(s -> heard.add(s.run().run().seed() + " at " + s.step() + "/" + s.end()));
          }

          @Override
          public void started(PlannedRun run, double step) {
            heard.add("started");
          }
        };
    new Execution(engine(1, fake()), 1, Interrupt.onRequest(), listener).run(longer, before);
    assertThat(heard.subList(0, 5))
        .containsExactly(
            "open 6", "3 at 60.0/600.0", "3 at 60.0/600.0", "3 at 60.0/600.0", "started");
    assertThat(before.again().begun()).isEmpty();
    PlannedRun other = longer.runs().get(1);
    assertThat(before.begun()).extracting(Standing::run).contains(first).doesNotContain(other);
  }

  @Test
  void a_run_that_others_work_on_has_the_end_that_is_known() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    ResultsFolder folder = folder("a");
    run(plan, folder);
    Plan longer = Yaml.plan(Edited.text(Yaml.TINY, "max_steps: 60", "max_steps: 600"), NEVER);
    String id = longer.runs().get(0).id();
    Claims.Claim claim = new Claims(folder, ProcessIdentity.current()).take(id).orElseThrow();
    Standing standing = Standings.of(longer, folder).all().get(0);
    claim.close();
    assertThat(standing.state()).isEqualTo(Standing.State.RUNNING);
    assertThat(standing.end()).isEqualTo(600);
  }

  @Test
  void fewer_assignments_may_be_satisfied_with_less() throws Exception {
    String yaml =
        Edited.text(
            Yaml.TINY,
            "grid: {repetition.in_context: [1, 2]}",
            "set: {training.max_steps: 80, measurement.stop: {never: true}}");
    Plan plan = Yaml.plan(yaml);
    Plan shorter = plan.only(a -> a.condition().sweep().equals("sizes"));
    ResultsFolder folder = folder("a");
    run(shorter, folder);
    Standings whole = Standings.of(plan, folder);
    assertThat(whole.open()).isNotEmpty();
    assertThat(whole.in(shorter).open()).isEmpty();
  }
}
