package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.analysis.State;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentTest {
  @TempDir Path temp;

  @Test
  void runs_are_planned_once() {
    Experiment experiment = Experiment.parse(Yaml.TINY);
    assertThat(experiment.plan()).isSameAs(experiment.plan());
    assertThat(experiment.plan().only(a -> true)).isSameAs(experiment.plan());
  }

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
  void a_listener_hears_every_row_and_nothing_is_printed() throws Exception {
    Map<String, List<Double>> heard = new ConcurrentHashMap<>();
    Progress listener =
        new Progress() {
          @Override
          public void measured(PlannedRun run, double step, Map<String, Double> row) {
            heard.computeIfAbsent(run.id(), id -> new ArrayList<>()).add(row.get("test.loss"));
          }
        };
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Results results;
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      results = Experiment.parse(Yaml.TINY).run(temp.resolve("a"), quick().telling(listener));
    } finally {
      System.setOut(before);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(heard).hasSize(6);
    for (Observation run : results.runs()) {
      assertThat(heard.get(run.assignment().run()))
          .startsWith(
              Arrays.stream(run.curve().column("test.loss")).boxed().toArray(Double[]::new));
    }
  }

  @Test
  void a_stop_in_midst_of_a_run_saves_all_and_the_next_start_goes_on_to_the_same_bits()
      throws Exception {
    Experiment experiment = Experiment.parse(Yaml.TINY);
    Interrupt stop = Interrupt.onRequest();
    Progress atStep20 =
        new Progress() {
          @Override
          public void measured(PlannedRun run, double step, Map<String, Double> row) {
            if (step >= 20) {
              stop.request("a test has seen enough");
            }
          }
        };
    Results part = experiment.run(temp.resolve("a"), quick().until(stop).telling(atStep20));
    assertThat(part.summary().isInterrupted()).isTrue();
    assertThat(part.summary().reason()).isEqualTo("a test has seen enough");
    assertThat(part.runs()).anyMatch(run -> run.state("plateau") == State.MISSING);
    Results all = experiment.run(temp.resolve("a"), quick());
    assertThat(all.summary().isComplete()).isTrue();
    assertThat(losses(all)).isEqualTo(losses(experiment.run(temp.resolve("b"), quick())));
  }

  @Test
  void two_threads_may_run_experiments_at_a_time_also_in_one_folder() throws Exception {
    Experiment experiment = Experiment.parse(Yaml.TINY);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Future<Results>> all = new ArrayList<>();
    for (String folder : List.of("one", "one", "other")) {
      all.add(threads.submit(() -> experiment.run(temp.resolve(folder), quick())));
    }
    threads.shutdown();
    for (Future<Results> results : all) {
      results.get();
    }
    Map<String, List<Double>> one = losses(Results.read(temp.resolve("one")));
    assertThat(one).hasSize(6).isEqualTo(losses(Results.read(temp.resolve("other"))));
  }

  private static RunOptions quick() {
    return RunOptions.defaults().onDevice("cpu").withJobs(2);
  }

  private static Map<String, List<Double>> losses(Results results) {
    Map<String, List<Double>> losses = new TreeMap<>();
    for (Observation run : results.runs()) {
      double[] column = run.curve().column("test.loss");
      losses.put(run.assignment().run(), Arrays.stream(column).boxed().toList());
    }
    return losses;
  }

  @Test
  void a_name_that_there_is_not_is_told_with_those_that_there_are() throws Exception {
    Results results = Experiment.parse(Yaml.TINY).run(temp.resolve("a"), quick().only(a -> false));
    Observation missing = results.runs().get(0);
    Cell cell = results.conditions("sizes").get(0);
    Analysis analysis = results.analysis();
    refused("no sweep 'size'; known: sizes, copies", () -> results.conditions("size"));
    refused("no sweep 'size'; known: sizes, copies", () -> analysis.cells("size"));
    refused("no sweep 'size'", () -> analysis.cells(List.of("size"), Map.of()));
    refused("no sweep 'size'", () -> analysis.plan().assignments("size"));
    refused(
        "'dd' is neither a symbol nor a path; symbols: ",
        () -> analysis.cells(List.of("sizes"), Map.of("dd", 4)));
    refused("no fit 'law'; known: none", () -> results.fit("law"));
    refused("no claim 'c'; known: none", () -> results.claim("c"));
    refused("no column 'plateua.steps'; known: plateau.steps", () -> cell.summary("plateua.steps"));
    refused("no column 'test.los'; known: plateau.steps", () -> missing.value("test.los"));
    refused("no column 'test.los'", () -> missing.last("test.los"));
    refused("no column 'test.loss'; known: ", () -> missing.curve().column("test.loss"));
    refused("no threshold 'plateua'; known: plateau", () -> cell.count("plateua", State.MISSING));
    refused("no threshold 'plateua'", () -> missing.state("plateua"));
    refused("no threshold 'plateua'", () -> missing.emergence("plateua"));
  }

  private static void refused(String message, ThrowingCallable call) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(message);
  }

  @Test
  void an_invalid_text_shows_every_problem() {
    String bad = Edited.text(Yaml.TINY, "dim: 4", "dims: 4", "max_steps", "max_step");
    assertThatThrownBy(() -> Experiment.parse(bad))
        .isInstanceOf(InvalidExperiment.class)
        .hasMessageContainingAll("unknown key 'dims'", "unknown key 'max_step'")
        .satisfies(
            e -> assertThat(((InvalidExperiment) e).diagnostics()).hasSizeGreaterThanOrEqualTo(2));
  }
}
