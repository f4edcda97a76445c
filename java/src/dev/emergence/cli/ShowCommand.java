package dev.emergence.cli;

import dev.emergence.measure.Emergence;
import dev.emergence.plan.Demand;
import dev.emergence.plan.SpecTree;
import dev.emergence.result.Curve;
import dev.emergence.result.Damaged;
import dev.emergence.result.Json;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.RunFolder;
import dev.emergence.result.StoredRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code show RUN}: all about one run. */
@Command(
    name = "show",
    description = "All about one run: configuration, outcome, what computed it.")
final class ShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "A run's id, or its first digits.")
  private String run = "";

  @Option(
      names = "--in",
      paramLabel = "DIR",
      description = "The results folder; default: all in results/.")
  private Optional<Path> folder = Optional.empty();

  @Override
  public Integer call() throws IOException {
    if (!run.matches("[0-9a-f]{1,16}")) {
      throw new Refusal(ExitCode.USAGE, "a run id is up to 16 hex digits, got '" + run + "'");
    }
    Map<String, ResultsFolder> found = new LinkedHashMap<>();
    for (Path candidate : folder.map(List::of).orElseGet(ShowCommand::all)) {
      ResultsFolder results = ResultsFolder.read(candidate);
      results.ids().stream()
          .filter(id -> id.startsWith(run))
          .forEach(id -> found.putIfAbsent(id, results));
    }
    if (found.size() != 1) {
      String which =
          found.isEmpty()
              ? "no run begins with '" + run + "'"
              : "several runs begin with '" + run + "': " + String.join(" ", found.keySet());
      throw new Refusal(ExitCode.USAGE, which + "; `emergence list DIR` shows them all");
    }
    print(found.keySet().iterator().next(), found.values().iterator().next());
    return ExitCode.OK;
  }

  private static List<Path> all() {
    List<Path> out = new ArrayList<>();
    Path root = Path.of("results");
    if (!Files.isDirectory(root)) {
      return out;
    }
    try (var entries =
        Files.newDirectoryStream(
            root, entry -> Files.isRegularFile(entry.resolve("resolved.json")))) {
      entries.forEach(out::add);
    } catch (IOException e) {
      throw new Refusal(ExitCode.FOLDER_UNUSABLE, root + " cannot be read: " + e.getMessage());
    }
    return out;
  }

  private void print(String id, ResultsFolder results) {
    PrintWriter out = spec.commandLine().getOut();
    RunFolder place = results.run(id);
    try {
      StoredRun stored =
          results
              .load(id)
              .orElseThrow(
                  () ->
                      new Refusal(
                          ExitCode.OK,
                          "run " + id + " is not finished; it lies in " + place.partial()));
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("run", id);
      tree.put("folder", place.path().toString());
      tree.put("state", stored.outcome().state().name().toLowerCase(Locale.ROOT));
      tree.put("reason", stored.outcome().reason());
      tree.put("last_step", stored.outcome().lastStep());
      tree.put("attempts", stored.outcome().attempts());
      tree.put("seconds", stored.outcome().seconds());
      tree.put("thresholds", thresholds(stored));
      tree.put("last_row", lastRow(stored.curve()));
      tree.put("seed", stored.run().seed());
      tree.put("config", SpecTree.of(stored.run().config()));
      tree.put("provenance", place.provenance());
      out.print(Json.pretty(tree));
    } catch (Damaged e) {
      throw new Refusal(
          ExitCode.FOLDER_UNUSABLE,
          "run " + id + " is damaged: " + e.getMessage() + "; `emergence run` does it again");
    }
  }

  private static Map<String, Object> thresholds(StoredRun stored) {
    Map<String, Object> out = new LinkedHashMap<>();
    Demand.of(stored.run().config())
        .thresholds()
        .forEach(
            (name, threshold) -> {
              boolean measured = stored.curve().has(threshold.metric());
              Object when =
                  measured
                          && Emergence.of(stored.curve(), name, threshold)
                              instanceof Emergence.Reached r
                      ? r.step()
                      : "unreached";
              out.put(name, when);
            });
    return out;
  }

  private static Map<String, Object> lastRow(Curve curve) {
    Map<String, Object> out = new LinkedHashMap<>();
    for (String column : curve.columns()) {
      out.put(column, curve.column(column)[curve.size() - 1]);
    }
    return out;
  }
}
