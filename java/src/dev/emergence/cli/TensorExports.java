package dev.emergence.cli;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Observation;
import dev.emergence.execute.device.Engines;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Run;
import dev.emergence.result.Damaged;
import dev.emergence.result.Picture;
import dev.emergence.result.Pictures;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.Safetensors;
import dev.emergence.result.StoredRun;
import dev.emergence.result.Weights;
import dev.emergence.spec.Keys;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.Parameter;
import dev.emergence.spec.ParameterCatalog;
import dev.emergence.spec.RunConfig;
import dev.emergence.task.Replica;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.ShapedArray;
import dev.emergence.train.TestSequences;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Weights, attention patterns and test sequences of finished runs, in files that other programs
 * read. The page {@code explain weights} says what is in them.
 */
final class TensorExports {
  private static final String STATE = "state/";

  private final ResultsFolder stored;
  private final Exported target;
  private final PrintWriter err;
  private final List<Run> finished;

  /** Where the conditions of runs end that were trained further, by the run's id. */
  private final Map<String, Double> sooner = new LinkedHashMap<>();

  private final Map<String, Double> lastSteps = new LinkedHashMap<>();

  /**
   * @param err hears what could not be written
   */
  TensorExports(Analysis analysis, ResultsFolder stored, Exported target, PrintWriter err) {
    this.stored = stored;
    this.target = target;
    this.err = err;
    Map<String, StoredRun> ended = analysis.stored();
    this.finished =
        analysis.plan().runs().stream()
            .filter(run -> ended.containsKey(run.id()))
            .map(PlannedRun::run)
            .toList();
    ended.forEach((id, run) -> lastSteps.put(id, run.outcome().lastStep()));
    for (Observation run : analysis.runs()) {
      if (run.stored().filter(of -> run.curve().size() < of.curve().size()).isPresent()) {
        sooner.put(run.assignment().run(), run.end());
      }
    }
  }

  /** Writes the parameters and patterns of each run. */
  void weights() throws IOException {
    for (Run run : finished) {
      tensors(run);
    }
    sayFurther();
    List<Run> without =
        finished.stream().filter(run -> !stored.run(run.id()).hasCheckpoint()).toList();
    long bare = without.stream().filter(r -> r.config().architecture().isTrained()).count();
    if (bare < without.size()) {
      long toys = without.size() - bare;
      err.println(
          Numeral.count(toys, "run")
              + (toys == 1 ? " has" : " have")
              + " no weights: a toy model that is integrated keeps none");
    }
    if (bare > 0) {
      err.println(
          Numeral.count(bare, "run")
              + (bare == 1 ? " keeps" : " keep")
              + " no weights, as execution.keep says; `emergence run` with --set"
              + " execution.keep=all trains them again and keeps them");
    }
  }

  /** Tables and figures see no further than a condition's end, but weights are of the last step. */
  private void sayFurther() {
    List<String> ids =
        sooner.keySet().stream().filter(id -> stored.run(id).hasCheckpoint()).toList();
    if (!ids.isEmpty()) {
      String first = ids.get(0);
      err.println(
          Numeral.count(ids.size(), "run")
              + (ids.size() == 1 ? " was" : " were")
              + " trained further than this experiment asks for, and so are the weights: those of "
              + first
              + " are of step "
              + Numbers.value(lastSteps.get(first))
              + ", while tables and figures end at step "
              + Numbers.value(sooner.get(first)));
    }
  }

  /** Weights without what the optimiser carries, and patterns, a file each. */
  private void tensors(Run run) throws IOException {
    String id = run.id();
    try {
      Map<String, ShapedArray> last = new LinkedHashMap<>();
      Optional<Safetensors> end = stored.run(id).checkpoint();
      for (Parameter parameter : parameters(run.config())) {
        end.map(c -> c.tensors().get(STATE + parameter.name()))
            .ifPresent(values -> last.put(parameter.name(), values));
      }
      Weights kept = stored.run(id).weights();
      Map<String, String> of = Map.of("run", id);
      for (long step : kept.steps()) {
        write(id + ".weights-" + step, of, kept.read(step).tensors());
      }
      List<Picture> pictures = stored.run(id).pictures();
      String step = Long.toString(lastSteps.get(id).longValue());
      write(id + ".weights", Map.of("run", id, "step", step), last);
      write(id + ".attention", of, Pictures.tensors(pictures));
    } catch (Damaged e) {
      throw new Refusal(
          ExitCode.FOLDER_UNUSABLE,
          "run " + id + " is damaged: " + e.getMessage() + Damaged.REMEDY);
    }
  }

  private static List<Parameter> parameters(RunConfig config) {
    return ParameterCatalog.known().of(config.architecture(), config.task().predicts());
  }

  /** Writes the sequences of each run's test sets. */
  void sequences() throws IOException {
    List<Run> trained =
        finished.stream().filter(r -> r.config().architecture().isTrained()).toList();
    if (trained.size() < finished.size()) {
      long toys = finished.size() - trained.size();
      err.println(
          Numeral.count(toys, "run")
              + (toys == 1 ? " has" : " have")
              + " no sequences: the toy model's losses are means over all of them");
    }
    if (trained.isEmpty()) {
      return;
    }
    try (Backend backend = Engines.open("cpu", 1)) {
      for (Run run : trained) {
        for (String testSet : run.config().measurement().testSets().keySet()) {
          Map<String, String> of =
              Map.of(
                  "run",
                  run.id(),
                  "test_set",
                  testSet,
                  "task",
                  Keys.kindOf((Record) run.config().task()));
          write(
              run.id() + "." + testSet + ".sequences",
              of,
              TestSequences.of(backend, new Replica(run.config(), run.seed()), testSet));
        }
      }
    }
  }

  private void write(String name, Map<String, String> of, Map<String, ShapedArray> tensors)
      throws IOException {
    if (!tensors.isEmpty()) {
      target.write(name + ".safetensors", new Safetensors(of, tensors).content());
    }
  }
}
