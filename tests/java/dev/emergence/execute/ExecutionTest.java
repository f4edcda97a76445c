package dev.emergence.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import dev.emergence.execute.device.Engine;
import dev.emergence.execute.device.Unavailable;
import dev.emergence.execute.run.Standing;
import dev.emergence.execute.run.Summary;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Yaml;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is trained, how far, and what is not trained again. */
class ExecutionTest extends ExecutionFixture {
  @Test
  void every_run_is_trained_once_and_a_second_start_does_nothing() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    ResultsFolder folder = folder("a");
    Summary first = run(plan, folder);
    assertThat(first.isComplete()).isTrue();
    assertThat(first.computed()).isEqualTo(6);
    assertThat(trainings).hasValue(6);
    Map<String, String> before = results(plan, folder);
    Summary second = run(plan, folder);
    assertThat(second.computed()).isZero();
    assertThat(trainings).hasValue(6);
    assertThat(results(plan, folder)).isEqualTo(before);
  }

  @Test
  void a_run_stops_a_tail_after_its_threshold_at_an_evaluation() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    ResultsFolder folder = folder("a");
    run(plan, folder);
    // d = 4: below 0.3 at step 30, the first evaluation after 20 + 5.1; 50 % more is 45, so 50.
    StoredRun small = folder.load(plan.assignments("sizes").get(0).run()).orElseThrow();
    assertThat(small.outcome().lastStep()).isEqualTo(50);
    assertThat(small.curve().steps()).containsExactly(0, 10, 20, 30, 40, 50);
    // d = 6: at step 40; 50 % more is max_steps.
    StoredRun large = folder.load(plan.assignments("sizes").get(2).run()).orElseThrow();
    assertThat(large.outcome().lastStep()).isEqualTo(60);
  }

  @Test
  void a_new_threshold_needs_no_training() throws Exception {
    ResultsFolder folder = folder("a");
    run(Yaml.plan(Yaml.TINY), folder);
    Summary second =
        run(
            Yaml.plan(Yaml.TINY, "measurement.thresholds.early={metric: test.loss, below: 0.45}"),
            folder);
    assertThat(second.computed()).isZero();
    assertThat(second.isComplete()).isTrue();
  }

  @Test
  void more_steps_continue_the_stored_run_to_what_an_uninterrupted_one_gives() throws Exception {
    String never = Edited.text(Yaml.TINY, "{when: plateau, extra: 50%}", "{never: true}");
    Plan longer = Yaml.plan(never, "training.max_steps=85");
    ResultsFolder continued = folder("continued");
    run(Yaml.plan(never), continued);
    List<Long> starts = new ArrayList<>();
    Engine engine =
        engine(
            1,
            (backend, runs) -> {
              runs.forEach(run -> starts.add(run.step()));
              return new FakeTraining(runs);
            });
    assertThat(Execution.standings(longer, continued))
        .allMatch(s -> s.state() == Standing.State.TO_CONTINUE && s.step() == 60);
    assertThat(run(longer, continued, engine, 1).isComplete()).isTrue();
    assertThat(starts).hasSize(6).containsOnly(60L);
    ResultsFolder whole = folder("whole");
    run(longer, whole);
    assertThat(results(longer, continued)).isEqualTo(results(longer, whole));
  }

  @Test
  void jobs_and_cohorts_change_nothing() throws Exception {
    Plan plan =
        Yaml.plan(
            Yaml.TINY,
            "measurement.attention.pictures_at=[0, plateau, 15, last]",
            "repetition.cross_sample=0.2");
    ResultsFolder alone = folder("alone");
    run(plan, alone);
    for (int[] shape : new int[][] {{1, 3}, {2, 1}, {4, 2}}) {
      ResultsFolder other = folder("r" + shape[0] + "j" + shape[1]);
      run(plan, other, engine(shape[0], fake()), shape[1]);
      assertThat(results(plan, other))
          .as("%d replicas, %d jobs", shape[0], shape[1])
          .isEqualTo(results(plan, alone));
    }
  }

  @Test
  void pictures_are_kept_at_steps_at_thresholds_and_at_the_end() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY, "measurement.attention.pictures_at=[0, plateau, 15, last]");
    ResultsFolder folder = folder("a");
    run(plan, folder);
    var pictures = folder.run(plan.assignments("sizes").get(0).run()).pictures();
    assertThat(pictures.stream().map(p -> p.label() + "@" + p.step()))
        .containsExactly("0@0", "15@15", "plateau@30", "last@50");
    assertThat(pictures).allSatisfy(p -> assertThat(p.probabilities()[0][1]).isEqualTo(p.step()));
  }

  @Test
  void a_picture_that_was_not_taken_is_made_good() throws Exception {
    ResultsFolder folder = folder("a");
    run(Yaml.plan(Yaml.TINY), folder);
    Plan more = Yaml.plan(Yaml.TINY, "measurement.attention.pictures_at=[15]");
    run(more, folder);
    String id = more.assignments("sizes").get(0).run();
    assertThat(folder.run(id).pictures().stream().map(p -> p.label())).containsExactly("15");
    assertThat(run(more, folder).computed()).isZero();
  }

  @Test
  void a_toy_run_is_integrated_without_a_device_and_again_when_its_end_changes() throws Exception {
    String toy =
        """
        dsl: 1
        name: toy
        task: {kind: linear_regression, dim: 16, sequence_length: 64, relevant_position: last, relevant_feature: false}
        architecture: {kind: toy}
        training: {optimizer: {kind: gradient_flow}, max_time: 2000}
        measurement:
          thresholds: {plateau: {metric: test.loss, below: 0.2, relative_to: initial}}
        seeds: none
        """;
    Engine none =
        new Engine(
            () -> {
              throw new Unavailable("not asked for");
            },
            fake(),
            1);
    ResultsFolder folder = folder("toy");
    Plan plan = Yaml.plan(toy);
    assertThat(run(plan, folder, none, 1).isComplete()).isTrue();
    StoredRun stored = folder.load(plan.runs().get(0).id()).orElseThrow();
    assertThat(stored.outcome().lastStep()).isEqualTo(2000);
    assertThat(run(plan, folder, none, 1).computed()).isZero();
    assertThat(run(Yaml.plan(toy, "training.max_time=3000"), folder, none, 1).computed())
        .isEqualTo(1);
  }
}
