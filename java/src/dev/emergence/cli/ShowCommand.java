package dev.emergence.cli;

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
    description = "Shows one run: its configuration, its outcome, and what computed it.")
final class ShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN",
      description = "A run's id, or its first digits; with or without the r of the tables.")
  private String run = "";

  @Option(
      names = "--in",
      paramLabel = "DIR",
      description = "The results folder; default: all in results/.")
  private Optional<Path> folder = Optional.empty();

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (!run.matches("r?[0-9a-f]{1,16}")) {
      throw new Refusal(ExitCode.USAGE, "a run id is up to 16 hex digits, got '" + run + "'");
    }
    run = run.replaceFirst("^r", "");
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
    try (var entries = Files.newDirectoryStream(root, entry -> ResultsFolder.isAt(entry))) {
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
          results.load(id).orElseThrow(() -> new Refusal(ExitCode.OK, unfinished(id, place)));
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("run", id);
      tree.put("folder", place.path().toString());
      tree.put("state", stored.outcome().state().name().toLowerCase(Locale.ROOT));
      tree.put("reason", stored.outcome().reason());
      tree.put("last_step", stored.outcome().lastStep());
      tree.put("attempts", stored.outcome().attempts());
      tree.put("seconds", stored.outcome().seconds());
      AskedRun asked = AskedRun.of(stored, results);
      if (!asked.difference().isEmpty()) {
        tree.put("asked_for", asked.difference());
      }
      tree.put("thresholds", asked.thresholds());
      if (!place.weights().steps().isEmpty()) {
        tree.put("checkpoints", List.copyOf(place.weights().steps()));
      }
      tree.put("last_row", lastRow(stored.curve()));
      tree.put("seed", stored.run().seed());
      tree.put("config", SpecTree.of(stored.run().config()));
      tree.put("provenance", place.provenance());
      out.print(json ? Json.pretty(tree) : text(tree));
    } catch (Damaged e) {
      throw new Refusal(
          ExitCode.FOLDER_UNUSABLE,
          "run " + id + " is damaged: " + e.getMessage() + Damaged.REMEDY);
    }
  }

  private static String unfinished(String id, RunFolder place) {
    Optional<Curve> rows = place.follow().read().filter(curve -> curve.size() > 0);
    String so =
        rows.map(
                curve ->
                    "; by step "
                        + Numbers.value(curve.steps()[curve.size() - 1])
                        + " it had "
                        + line(lastRow(curve)))
            .orElse("");
    return "run " + id + " is not finished" + so + "; it lies in " + place.partial();
  }

  /** Short values on lines of their own, groups indented; an empty value is left out. */
  private static String text(Map<String, Object> tree) {
    StringBuilder out = new StringBuilder();
    tree.forEach((key, value) -> text(key, value, "", out));
    return out.toString();
  }

  private static void text(String key, Object value, String indent, StringBuilder out) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      out.append(indent).append(key).append(":\n");
      map.forEach((k, v) -> text(String.valueOf(k), v, indent + "  ", out));
    } else if (value != null && !value.equals("") && !(value instanceof Map)) {
      out.append(Numbers.text("%s%-24s %s%n", indent, key + ":", shown(value)));
    }
  }

  private static String shown(Object value) {
    return value instanceof Double d ? Numbers.value(d) : String.valueOf(value);
  }

  private static String line(Map<String, Object> row) {
    List<String> parts = new ArrayList<>();
    row.forEach((key, value) -> parts.add(key + " " + shown(value)));
    return String.join(", ", parts.subList(0, Math.min(3, parts.size())));
  }

  private static Map<String, Object> lastRow(Curve curve) {
    Map<String, Object> out = new LinkedHashMap<>();
    for (String column : curve.columns()) {
      out.put(column, curve.column(column)[curve.size() - 1]);
    }
    return out;
  }
}
