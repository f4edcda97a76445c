package dev.emergence.execute.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import dev.emergence.execute.Execution;
import dev.emergence.execute.ExecutionFixture;
import dev.emergence.execute.FakeTraining;
import dev.emergence.execute.device.Engine;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Yaml;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.Weights;
import dev.emergence.train.Start;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The parameters that checkpoints_at asks for: at which steps, and that nothing changes them. */
class StoredWeightsTest extends ExecutionFixture {
  private static final String AT = "measurement.checkpoints_at=";
  private static final String MOMENTS = AT + "[0, 15, plateau, last]";

  private static String first(Plan plan) {
    return plan.assignments("sizes").get(0).run();
  }

  private static Weights weights(Plan plan, ResultsFolder folder) {
    return folder.run(first(plan)).weights();
  }

  /** Everything that is stored, by run and step. */
  private static Map<String, String> all(Plan plan, ResultsFolder folder) throws Exception {
    Map<String, String> out = new TreeMap<>();
    for (var run : plan.runs()) {
      Weights weights = folder.run(run.id()).weights();
      for (long step : weights.steps()) {
        out.put(run.id() + " " + step, text(weights.read(step).tensors()).toString());
      }
    }
    return out;
  }

  @Test
  void checkpoints_are_no_part_of_a_runs_identity() {
    assertThat(Yaml.plan(Yaml.TINY, MOMENTS).byId().keySet())
        .isEqualTo(Yaml.plan(Yaml.TINY).byId().keySet());
  }

  @Test
  void parameters_are_kept_at_steps_at_thresholds_and_at_the_end() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY, MOMENTS);
    ResultsFolder folder = folder("a");
    run(plan, folder);
    assertThat(weights(plan, folder).steps()).containsExactly(0L, 15L, 30L, 50L);
    FakeTraining same =
        new FakeTraining(
            java.util.List.of(new Start(plan.byId().get(first(plan)).run().config(), 3)));
    for (long step : new long[] {0, 15, 30, 50}) {
      same.trainTo(step);
      assertThat(weights(plan, folder).read(step).tensors().get("weight").values())
          .as("step %d", step)
          .containsExactly(same.parameters(0).get("weight").values());
      assertThat(weights(plan, folder).read(step).metadata())
          .containsEntry("step", Long.toString(step))
          .containsEntry("run", first(plan));
    }
    folder.run(first(plan)).verify();
  }

  @Test
  void a_threshold_with_a_hold_is_kept_where_it_is_certain() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY, AT + "plateau", "measurement.thresholds.plateau.hold=2");
    ResultsFolder folder = folder("a");
    run(plan, folder);
    assertThat(weights(plan, folder).steps()).containsExactly(40L);
  }

  @Test
  void a_spacing_counts_from_the_first_step() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY, AT + "{every: 20, at: [last]}");
    ResultsFolder folder = folder("a");
    run(plan, folder);
    assertThat(weights(plan, folder).steps()).containsExactly(0L, 20L, 40L, 50L);
  }

  @Test
  void damaged_ones_are_not_taken_over_by_a_run_that_is_continued() throws Exception {
    String[] sets = {AT + "[15]", "measurement.stop={never: true}", "execution.keep=all"};
    ResultsFolder folder = folder("a");
    Plan shorter = Yaml.plan(Yaml.TINY, sets);
    run(shorter, folder);
    Path file = folder.run(first(shorter)).path().resolve("weights-15.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    Plan longer = Yaml.plan(Yaml.TINY, sets[0], sets[1], sets[2], "training.max_steps=90");
    run(longer, folder);
    ResultsFolder whole = folder("whole");
    run(longer, whole);
    assertThat(all(longer, folder)).isEqualTo(all(longer, whole));
    assertThat(results(longer, folder)).isEqualTo(results(longer, whole));
  }

  @Test
  void they_are_kept_whatever_is_kept_of_the_runs() throws Exception {
    for (String keep : new String[] {"all", "unreached", "none"}) {
      Plan plan = Yaml.plan(Yaml.TINY, MOMENTS, "execution.keep=" + keep);
      ResultsFolder folder = folder(keep);
      run(plan, folder);
      assertThat(weights(plan, folder).steps()).as(keep).containsExactly(0L, 15L, 30L, 50L);
    }
  }

  @Test
  void cohorts_and_jobs_keep_the_same_bits() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY, MOMENTS);
    ResultsFolder alone = folder("alone");
    run(plan, alone);
    ResultsFolder together = folder("together");
    run(plan, together, engine(4, fake()), 2);
    assertThat(all(plan, together)).isEqualTo(all(plan, alone)).isNotEmpty();
  }

  @Test
  void a_run_that_is_interrupted_again_and_again_keeps_the_same_bits() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY, MOMENTS);
    ResultsFolder whole = folder("whole");
    run(plan, whole);
    ResultsFolder parts = folder("parts");
    for (int stop : new int[] {5, 15, 25, 30, 45, 1000}) {
      runUntil(plan, parts, to -> to >= stop, FakeTraining::new);
    }
    run(plan, parts);
    assertThat(all(plan, parts)).isEqualTo(all(plan, whole));
    assertThat(results(plan, parts)).isEqualTo(results(plan, whole));
  }

  @Test
  void a_run_that_lacks_them_is_trained_again_and_one_that_lacks_the_last_alone_is_not()
      throws Exception {
    String keep = "execution.keep=all";
    ResultsFolder folder = folder("a");
    run(Yaml.plan(Yaml.TINY, keep), folder);
    int before = trainings.get();
    Plan last = Yaml.plan(Yaml.TINY, keep, AT + "last");
    assertThat(Execution.standings(last, folder))
        .allMatch(s -> s.state() == Standing.State.TO_CONTINUE);
    Engine engine =
        engine(
            1,
            (b, runs) ->
                new FakeTraining(runs) {
                  @Override
                  public void train(long steps) {
                    throw new AssertionError("no step is needed");
                  }
                });
    assertThat(run(last, folder, engine, 1).isComplete()).isTrue();
    assertThat(weights(last, folder).steps()).containsExactly(50L);
    Plan more = Yaml.plan(Yaml.TINY, keep, AT + "[15, last]");
    assertThat(run(more, folder).isComplete()).isTrue();
    assertThat(weights(more, folder).steps()).containsExactly(15L, 50L);
    assertThat(trainings.get()).isGreaterThan(before);
  }

  @Test
  void a_continued_run_carries_its_earlier_ones_on() throws Exception {
    String never = Edited.text(Yaml.TINY, "{when: plateau, extra: 50%}", "{never: true}");
    ResultsFolder continued = folder("continued");
    run(Yaml.plan(never, MOMENTS), continued);
    Plan longer = Yaml.plan(never, MOMENTS, "training.max_steps=85");
    ResultsFolder whole = folder("whole");
    run(longer, whole);
    Engine engine =
        engine(
            1,
            (b, runs) -> {
              assertThat(runs).allMatch(run -> run.step() == 60);
              return new FakeTraining(runs);
            });
    run(longer, continued, engine, 1);
    assertThat(all(longer, continued)).isEqualTo(all(longer, whole));
    assertThat(weights(longer, continued).steps()).containsExactly(0L, 15L, 30L, 85L);
  }

  @Test
  void damage_to_one_is_noticed() throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY, MOMENTS);
    ResultsFolder folder = folder("a");
    run(plan, folder);
    var file = folder.run(first(plan)).path().resolve("weights-15.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> weights(plan, folder).read(15))
        .hasMessageContaining("weights-15.safetensors does not match the checksum");
  }

  @Test
  void sharers_of_a_run_get_the_moments_of_all() throws Exception {
    String copies = "  copies:\n";
    String own = "    set: {measurement.checkpoints_at: [15]}\n";
    String yaml =
        Edited.text(
            Yaml.TINY,
            copies,
            copies + own,
            "  evaluate_every",
            "  checkpoints_at: last\n  evaluate_every");
    Plan plan = Yaml.plan(yaml);
    ResultsFolder folder = folder("a");
    run(plan, folder);
    assertThat(weights(plan, folder).steps()).containsExactly(15L, 50L);
  }
}
