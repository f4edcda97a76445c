package dev.emergence.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.execute.device.Engine;
import dev.emergence.execute.run.Standing;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is stored of a run whose loss is not finite depends on its steps alone. */
class DivergedRunsTest extends ExecutionFixture {
  private static final int SEED = 3;

  /** A worker looks at its runs after steps 1, 3, 7 and 10, then at evaluations, each ten steps. */
  @ParameterizedTest
  @ValueSource(longs = {2, 10, 13, 20})
  void a_run_ends_at_the_step_whose_loss_is_not_finite_whenever_that_is_noticed(long at)
      throws Exception {
    Plan plan = Yaml.plan(Yaml.TINY);
    ResultsFolder folder = folder("diverged");
    Map<String, String> alone = results(plan, folder, engine(1, diverging(at)));
    assertThat(results(plan, folder("together"), engine(2, diverging(at)))).isEqualTo(alone);
    Map<String, String> good = results(plan, folder("good"), engine(1, fake()));
    for (PlannedRun run : plan.runs()) {
      if (run.run().seed() != SEED) {
        assertThat(alone.get(run.id())).isEqualTo(good.get(run.id()));
        continue;
      }
      StoredRun stored = folder.load(run.id()).orElseThrow();
      assertThat(stored.outcome().state()).isEqualTo(Outcome.State.DIVERGED);
      assertThat(stored.outcome().lastStep()).isEqualTo(at);
      assertThat(stored.outcome().reason())
          .startsWith("the loss of step " + at + " is not finite; last finite test.loss 0.5");
      double[] evaluations = {0, 10};
      assertThat(stored.curve().steps())
          .containsExactly(Arrays.stream(evaluations).filter(step -> step < at).toArray());
    }
  }

  @Test
  void a_run_that_diverged_later_than_a_file_looks_is_complete_for_it() throws Exception {
    ResultsFolder folder = folder("longer");
    run(Yaml.plan(Yaml.TINY), folder, engine(1, diverging(20)), 1);
    assertThat(states(Yaml.TINY, folder)).contains(Standing.State.DIVERGED);
    String shorter = Yaml.TINY.replaceAll("max_steps: [0-9]+", "max_steps: 10");
    assertThat(states(shorter, folder)).containsOnly(Standing.State.COMPLETE);
  }

  private static Set<Standing.State> states(String yaml, ResultsFolder folder) {
    return Execution.standings(Yaml.plan(yaml), folder).stream()
        .map(Standing::state)
        .collect(Collectors.toSet());
  }

  private Map<String, String> results(Plan plan, ResultsFolder folder, Engine engine)
      throws Exception {
    run(plan, folder, engine, 1);
    return results(plan, folder);
  }

  /** The loss of one seed is not finite at a step, and the replica stays there. */
  private static Engine.Trainings diverging(long at) {
    return (backend, runs) ->
        new FakeTraining(runs) {
          @Override
          public OptionalLong divergedAt(int replica) {
            return run(replica).seed() == SEED && step(replica) >= at
                ? OptionalLong.of(at)
                : OptionalLong.empty();
          }
        };
  }
}
