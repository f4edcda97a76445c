package dev.emergence.gallery;

import dev.emergence.Experiment;
import dev.emergence.Results;
import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Csv;
import dev.emergence.analysis.HeadSummary;
import dev.emergence.analysis.Observation;
import dev.emergence.analysis.StudyTable;
import dev.emergence.analysis.Verdicts;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.measure.Emergence;
import dev.emergence.plan.CanonicalJson;
import dev.emergence.result.Damaged;
import dev.emergence.result.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Keeps what is small of a results folder under {@code dsl-examples/results/NAME}: a table of runs,
 * claims, fits, figures, and where it came from. {@code ./dev gallery RESULTS FILE [PROFILE]}.
 */
public final class KeepResults {
  private static final long LARGEST_FIGURE = 150_000;

  /** Columns of {@code heads.csv}; the interval is one of 95 % over runs. */
  private static final List<String> HEADS =
      List.of(
          "study", "moment", "heads", "runs", "unchanged", "effect", "lower", "upper", "recovered");

  private KeepResults() {}

  public static void main(String[] args) throws IOException {
    if (args.length >= 2) {
      Path to = keep(Path.of(args[0]), args[1], args.length > 2 ? args[2] : "");
      System.err.println("kept in " + to);
    }
    Files.writeString(GalleryPage.PAGE, GalleryPage.write());
  }

  static Path keep(Path results, String file, String profile) throws IOException {
    ReadOptions options =
        profile.isEmpty() ? ReadOptions.none() : ReadOptions.none().withProfile(profile);
    // By the file as it stands: what it asks of stored runs may have changed since.
    Results stored = Experiment.load(Path.of(file), options).stored(results, System.err::println);
    stored.writePlots().forEach(System.err::println);
    Analysis analysis = stored.analysis();
    Path to = GalleryPage.FOLDER.resolve(analysis.experiment().name().replace("+", "-"));
    Files.createDirectories(to);
    try (Stream<Path> old = Files.list(to)) {
      for (Path path : old.toList()) {
        Files.delete(path);
      }
    }
    Files.writeString(to.resolve("runs.csv"), runs(analysis));
    String heads = heads(stored.studyTables());
    if (!heads.isEmpty()) {
      Files.writeString(to.resolve("heads.csv"), heads);
    }
    Files.writeString(to.resolve("claims.json"), Json.pretty(Verdicts.claims(analysis)));
    Files.writeString(to.resolve("fits.json"), Json.pretty(Verdicts.fits(analysis)));
    Files.writeString(
        to.resolve("origin.json"),
        Json.pretty(origin(results, file, profile, analysis.plan().runs().size())));
    try (Stream<Path> plots = Files.list(results.resolve("plots"))) {
      for (Path plot : plots.filter(p -> p.toString().endsWith(".svg")).toList()) {
        if (Files.size(plot) <= LARGEST_FIGURE) {
          Files.copy(plot, to.resolve(plot.getFileName()));
        }
      }
    }
    return to;
  }

  private static String runs(Analysis analysis) {
    StringBuilder out = new StringBuilder();
    out.append(
        Csv.line(
            List.of("run", "sweep", "condition", "seed", "threshold", "state", "steps", "loss")));
    for (String sweep : analysis.experiment().sweeps().keySet()) {
      for (Cell cell : analysis.cells(sweep)) {
        for (Observation run : cell.seeds()) {
          for (String threshold : run.thresholds().keySet()) {
            if (run.stored().isPresent() && !threshold.matches(".*\\.[0-9]+")) {
              out.append(Csv.line(row(sweep, cell, run, threshold)));
            }
          }
        }
      }
    }
    return out.toString();
  }

  private static List<Object> row(String sweep, Cell cell, Observation run, String threshold) {
    boolean reached = run.emergence(threshold) instanceof Emergence.Reached;
    double steps =
        run.emergence(threshold) instanceof Emergence.Reached r ? r.step() : run.lastStep();
    return List.of(
        "r" + run.assignment().run(),
        sweep,
        condition(cell),
        run.seed(),
        threshold,
        reached ? "reached" : run.state(threshold).word(),
        steps,
        // On a loss, the threshold itself tells it.
        run.thresholds().get(threshold).metric().contains(".loss")
            ? ""
            : run.lossAtEmergence(threshold));
  }

  /** What changed heads do, over the runs; empty where no study is about heads. */
  private static String heads(Map<String, StudyTable> studies) {
    StringBuilder out = new StringBuilder();
    studies.forEach(
        (name, table) -> {
          if (!table.rows().isEmpty() && HeadSummary.fits(table)) {
            for (HeadSummary.Line line : HeadSummary.of(table)) {
              out.append(Csv.line(row(name, line)));
            }
          }
        });
    return out.isEmpty() ? "" : Csv.line(HEADS) + out;
  }

  private static List<Object> row(String study, HeadSummary.Line line) {
    return List.of(
        study,
        line.group(),
        line.what(),
        line.effect().count(),
        line.unchanged(),
        line.effect().mean(),
        line.effect().lower(),
        line.effect().upper(),
        line.recovered().mean());
  }

  /** {@code transformer, parents = 3}. */
  private static String condition(Cell cell) {
    List<String> parts = new ArrayList<>();
    if (!cell.condition().variant().isEmpty()) {
      parts.add(cell.condition().variant());
    }
    cell.condition()
        .values()
        .forEach(
            (path, value) -> {
              Object bare = value instanceof java.util.Optional<?> o ? o.orElse(null) : value;
              String text = bare instanceof Number ? CanonicalJson.of(bare) : String.valueOf(bare);
              parts.add(path.substring(path.lastIndexOf('.') + 1) + " = " + text);
            });
    return String.join(", ", parts);
  }

  private static Map<String, Object> origin(Path results, String file, String profile, int planned)
      throws IOException {
    TreeSet<String> commits = new TreeSet<>();
    TreeSet<String> devices = new TreeSet<>();
    TreeSet<String> days = new TreeSet<>();
    double seconds = 0;
    try (Stream<Path> all = Files.walk(results.resolve("runs"))) {
      for (Path path : all.filter(p -> p.endsWith("result.json")).toList()) {
        seconds += ((Number) json(path).get("seconds")).doubleValue();
        Map<String, Object> by = json(path.resolveSibling("provenance.json"));
        commits.add(String.valueOf(by.get("commit")));
        devices.add(by.get("device") + ", " + by.get("java"));
        days.add(String.valueOf(by.get("ended")).substring(0, 10));
      }
    }
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("file", file);
    out.put("profile", profile);
    out.put("commits", List.copyOf(commits));
    out.put("machines", List.copyOf(devices));
    out.put("planned", planned);
    out.put("seconds", Math.rint(seconds));
    out.put("days", List.copyOf(days));
    return out;
  }

  /** The folders of kept results, by name. */
  static List<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(GalleryPage.FOLDER)) {
      return all.filter(Files::isDirectory).sorted(Comparator.naturalOrder()).toList();
    }
  }

  static Map<String, Object> json(Path file) {
    try {
      return Json.read(file);
    } catch (Damaged e) {
      throw new IllegalStateException(e);
    }
  }

  static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
