package dev.emergence.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.emergence.execute.device.Engine;
import dev.emergence.execute.run.Standing;
import dev.emergence.execute.run.Summary;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Yaml;
import dev.emergence.result.ResultsFolder;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Finished runs that fail when a later file continues them. */
class FailedRunsTest extends ExecutionFixture {
  private static Plan plan(long maxSteps, String keep) {
    return Yaml.plan(
            Yaml.TINY,
            "seeds={first: 3, count: 1}",
            "measurement.stop={never: true}",
            "measurement.attention.pictures_at=[0]",
            "measurement.checkpoints_at=[20]",
            "execution.keep=" + keep,
            "training.max_steps=" + maxSteps)
        .only(a -> a.index() == 0 && a.condition().sweep().equals("sizes"));
  }

  private Engine failingAt(long step) {
    return engine(
        1,
        (backend, runs) ->
            new FakeTraining(runs) {
              @Override
              public void train(long steps) {
                if (step(0) + steps >= step) {
                  throw new IllegalStateException("planted failure at step " + step);
                }
                super.train(steps);
              }
            });
  }

  @ParameterizedTest
  @CsvSource({"unreached, 1", "none, 1", "none, 45"})
  void what_was_finished_stays(String keep, long fails) throws Exception {
    Plan shorter = plan(60, keep);
    Plan longer = plan(90, keep);
    ResultsFolder folder = folder("a");
    run(shorter, folder);
    String id = shorter.runs().get(0).id();
    Map<String, String> before = results(shorter, folder);
    Summary failed = run(longer, folder, failingAt(fails), 1);
    assertThat(failed.standings())
        .extracting(Standing::state, Standing::reason)
        .containsExactly(
            tuple(
                Standing.State.FAILED, "IllegalStateException: planted failure at step " + fails));
    assertThat(folder.run(id).logTail(10_000)).contains("planted failure");
    assertThat(results(shorter, folder).get(id))
        .isEqualTo(
            before
                .get(id)
                .replace(
                    "COMPLETE 60.0 ",
                    "FAILED 60.0 IllegalStateException: planted failure at step " + fails));
    folder.run(id).verify();
    assertThat(folder.run(id).weights().steps()).containsExactly(20L);
    assertThat(folder.run(id).pictures()).isNotEmpty();
    assertThat(run(plan(50, keep), folder).computed()).as("what ended before").isZero();
    assertThat(run(shorter, folder).isComplete()).isTrue();
    assertThat(results(shorter, folder)).isEqualTo(before);
    assertThat(run(longer, folder).isComplete()).isTrue();
    ResultsFolder whole = folder("whole");
    run(longer, whole);
    assertThat(results(longer, folder)).isEqualTo(results(longer, whole));
  }
}
