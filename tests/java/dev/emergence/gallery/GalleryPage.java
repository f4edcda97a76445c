package dev.emergence.gallery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code dsl-examples/results/README.md}: all kept results with their figures. */
final class GalleryPage {
  static final Path FOLDER = Path.of("dsl-examples", "results");
  static final Path PAGE = FOLDER.resolve("README.md");

  /** With more seeds, a row shows their median and range. */
  private static final int MOST_SEEDS = 8;

  private GalleryPage() {}

  static String write() throws IOException {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        # Results

        What example files gave when they were run, at a size for two cores: the table of emergence times, claims and laws as they came out,
        and the figures. Each section names its file, the commits and the machine. `./dev gallery RESULTS FILE [PROFILE]` keeps a results
        folder here and writes this page; a test holds the page, the folders and the files to each other. In tables `> n` is a run that
        had not emerged by step n. Seconds are those of the runs, one thread each, on a machine that was busy with other work.
        """);
    for (Path folder : KeepResults.folders()) {
      section(folder, out);
    }
    return out.toString();
  }

  private static void section(Path folder, StringBuilder out) throws IOException {
    Map<String, Object> origin = KeepResults.json(folder.resolve("origin.json"));
    String file = String.valueOf(origin.get("file"));
    String profile = String.valueOf(origin.get("profile"));
    List<String[]> rows = rows(folder);
    long runs = rows.stream().map(r -> r[0]).distinct().count();
    out.append("\n## ").append(folder.getFileName()).append("\n\n");
    out.append(question(file)).append("\n\n");
    String link = file.replaceFirst("^dsl-examples/", "");
    out.append("[").append(link).append("](../").append(link).append(")");
    out.append(profile.isEmpty() ? "" : ", `--profile " + profile + "`").append("; ");
    long planned = ((Number) origin.get("planned")).longValue();
    out.append(runs)
        .append(planned > runs ? " of " + planned : "")
        .append(" runs, ")
        .append(origin.get("seconds").toString().replace(".0", ""));
    out.append(" s; ").append(words(origin.get("machines"))).append("; commit ");
    out.append(words(origin.get("commits"))).append("; ").append(words(origin.get("days")));
    out.append(".\n\n");
    table(rows, out);
    if (Files.exists(folder.resolve("heads.csv"))) {
      heads(KeepResults.text(folder.resolve("heads.csv")), out);
    }
    claims(KeepResults.json(folder.resolve("claims.json")), out);
    fits(KeepResults.json(folder.resolve("fits.json")), out);
    try (Stream<Path> all = Files.list(folder)) {
      for (Path p : all.filter(p -> p.toString().endsWith(".svg")).sorted().toList()) {
        String name = p.getFileName().toString();
        out.append("![").append(name.replace(".svg", "").replace('_', ' ')).append("](");
        out.append(folder.getFileName()).append("/").append(name).append(")\n");
      }
    }
  }

  private static String words(Object list) {
    return ((List<?>) list).stream().map(String::valueOf).collect(Collectors.joining(" and "));
  }

  /** The first comment line of the file. */
  private static String question(String file) throws IOException {
    return KeepResults.text(Path.of(file)).lines().findFirst().orElse("").replaceFirst("^# ?", "");
  }

  static List<String[]> rows(Path folder) throws IOException {
    return KeepResults.text(folder.resolve("runs.csv"))
        .lines()
        .skip(1)
        .map(GalleryPage::cells)
        .toList();
  }

  /** Cells of a line; only the condition may be in quotes. */
  private static String[] cells(String line) {
    int quote = line.indexOf('"');
    if (quote < 0) {
      return line.split(",", -1);
    }
    int end = line.indexOf('"', quote + 1);
    String condition = line.substring(quote + 1, end);
    String[] cells = (line.substring(0, quote) + "?" + line.substring(end + 1)).split(",", -1);
    cells[2] = condition;
    return cells;
  }

  private static void table(List<String[]> rows, StringBuilder out) {
    Map<List<String>, List<String[]>> groups = new LinkedHashMap<>();
    for (String[] r : rows) {
      groups.computeIfAbsent(List.of(r[1], r[2], r[4]), k -> new ArrayList<>()).add(r);
    }
    boolean losses = rows.stream().anyMatch(r -> !loss(r).isEmpty());
    out.append("| sweep | condition | threshold | reached | steps |");
    out.append(losses ? " loss then |" : "").append("\n|---|---|---|---|---|");
    out.append(losses ? "---|\n" : "\n");
    groups.forEach(
        (key, seeds) -> {
          long reached = seeds.stream().filter(r -> r[5].equals("reached")).count();
          out.append("| ").append(String.join(" | ", key)).append(" | ");
          out.append(reached).append("/").append(seeds.size()).append(" | ");
          out.append(steps(seeds)).append(losses ? " | " + losses(seeds) : "").append(" |\n");
        });
  }

  /** Loss at emergence; empty where there is none, or in results that were kept without. */
  private static String loss(String[] row) {
    return row.length > 7 ? row[7] : "";
  }

  /** The mean over the seeds that emerged. */
  private static String losses(List<String[]> seeds) {
    return seeds.stream()
        .filter(r -> !loss(r).isEmpty())
        .mapToDouble(r -> Double.parseDouble(loss(r)))
        .average()
        .stream()
        .mapToObj(GalleryPage::number)
        .findFirst()
        .orElse("");
  }

  private static void heads(String csv, StringBuilder out) {
    out.append(
        "\n| study | moment | heads that are changed | unchanged | effect | 95 % interval |");
    out.append(" share of the way | runs |\n|---|---|---|---|---|---|---|---|\n");
    csv.lines()
        .skip(1)
        .map(line -> line.split(",", -1))
        .forEach(
            r -> {
              String interval = r[6].isEmpty() ? "–" : rounded(r[6]) + " to " + rounded(r[7]);
              List<String> cells =
                  List.of(
                      r[0],
                      r[1],
                      r[2],
                      rounded(r[4]),
                      rounded(r[5]),
                      interval,
                      rounded(r[8]),
                      r[3]);
              out.append("| ").append(String.join(" | ", cells)).append(" |\n");
            });
  }

  private static String rounded(String number) {
    return number.isEmpty() ? "" : number(Double.parseDouble(number));
  }

  private static String steps(List<String[]> seeds) {
    if (seeds.size() <= MOST_SEEDS) {
      return seeds.stream().map(GalleryPage::step).collect(Collectors.joining(", "));
    }
    double[] all = seeds.stream().mapToDouble(r -> Double.parseDouble(r[6])).sorted().toArray();
    boolean some = seeds.stream().anyMatch(r -> !r[5].equals("reached"));
    double median = Arrays.stream(all).skip((all.length - 1) / 2).findFirst().orElseThrow();
    return String.format(
        Locale.ROOT,
        "median %.0f, %.0f to %s%.0f",
        median,
        all[0],
        some ? "> " : "",
        all[all.length - 1]);
  }

  private static String step(String[] row) {
    return row[5].equals("reached")
        ? row[6]
        : row[5].equals("unreached") || row[5].equals("stopped") ? "> " + row[6] : row[5];
  }

  private static void claims(Map<String, Object> claims, StringBuilder out) {
    out.append(claims.isEmpty() ? "" : "\n");
    claims.forEach(
        (name, tree) -> {
          Map<?, ?> claim = (Map<?, ?>) tree;
          out.append("- **").append(name.replace('_', ' ')).append("** ");
          out.append(claim.get("verdict")).append(": ").append(claim.get("reason")).append(".\n");
        });
  }

  private static void fits(Map<String, Object> fits, StringBuilder out) {
    out.append(fits.isEmpty() ? "" : "\n");
    fits.forEach(
        (name, tree) -> {
          Map<?, ?> fit = (Map<?, ?>) tree;
          out.append("- **").append(name.replace('_', ' ')).append("** `");
          out.append(fit.get("formula")).append("`: ");
          if (fit.get("parameters") instanceof Map<?, ?> parameters) {
            parameters.forEach((p, e) -> out.append(parameter(p, (Map<?, ?>) e)));
            out.append("R² ").append(number(fit.get("r2"))).append(", ");
          }
          out.append(fit.get("points")).append(" points, ").append(fit.get("unreached"));
          out.append(" unreached").append(missed(fit.get("expect"))).append(".\n");
        });
  }

  private static String parameter(Object name, Map<?, ?> estimate) {
    String interval =
        estimate.get("lower") == null
            ? ""
            : " (" + number(estimate.get("lower")) + " to " + number(estimate.get("upper")) + ")";
    return name + " " + number(estimate.get("value")) + interval + ", ";
  }

  private static String number(Object value) {
    return value instanceof Number n
        ? String.format(Locale.ROOT, "%.3g", n.doubleValue())
        : "unknown";
  }

  private static String missed(Object expect) {
    List<String> words = new ArrayList<>();
    ((Map<?, ?>) expect)
        .forEach(
            (name, tree) -> {
              Map<?, ?> met = (Map<?, ?>) tree;
              boolean holds = Boolean.TRUE.equals(met.get("holds"));
              Object why = met.get("missed") == null ? "not judged" : met.get("missed");
              words.add(name + (holds ? " as expected" : " NOT as expected: " + why));
            });
    return words.isEmpty() ? "" : "; " + String.join(", ", words);
  }
}
