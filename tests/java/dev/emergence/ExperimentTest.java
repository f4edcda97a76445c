package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.analysis.State;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentTest {
  @TempDir Path temp;

  @Test
  void an_experiment_is_read_run_and_read_again() throws Exception {
    Experiment experiment = Experiment.parse(Yaml.TINY);
    assertThat(experiment.plan().runs()).hasSize(6);
    Results results =
        experiment.run(temp.resolve("a"), RunOptions.defaults().onDevice("cpu").withJobs(2));
    assertThat(results.summary().isComplete()).isTrue();
    assertThat(results.runs())
        .hasSize(6)
        .allSatisfy(run -> assertThat(run.ended()).contains(Outcome.State.COMPLETE));
    assertThat(results.conditions("sizes"))
        .hasSize(2)
        .allSatisfy(cell -> assertThat(cell.seeds()).hasSize(2));
    Results again = Results.read(temp.resolve("a"));
    assertThat(again.runs().get(0).curve().column("test.loss"))
        .isEqualTo(results.runs().get(0).curve().column("test.loss"));
    assertThat(experiment.run(temp.resolve("a")).summary().computed()).isZero();
  }

  @Test
  void a_part_can_be_run_and_the_rest_counts_as_missing() throws Exception {
    RunOptions options =
        RunOptions.defaults().onDevice("cpu").only(a -> a.condition().sweep().equals("copies"));
    Results results = Experiment.parse(Yaml.TINY).run(temp.resolve("a"), options);
    assertThat(results.summary().computed()).isEqualTo(4);
    assertThat(results.runs().stream().filter(run -> run.state("plateau") == State.MISSING))
        .hasSize(2);
  }

  @Test
  void an_invalid_text_shows_every_problem() {
    String bad = Yaml.TINY.replace("dim: 4", "dims: 4").replace("max_steps", "max_step");
    assertThatThrownBy(() -> Experiment.parse(bad))
        .isInstanceOf(InvalidExperiment.class)
        .hasMessageContainingAll("unknown key 'dims'", "unknown key 'max_step'")
        .satisfies(
            e -> assertThat(((InvalidExperiment) e).diagnostics()).hasSizeGreaterThanOrEqualTo(2));
  }
}
