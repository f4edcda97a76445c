package dev.emergence.gallery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * REPRODUCED.md of a paper: the table that {@code emergence reproduce} wrote, with where it came
 * from and how to read it.
 */
final class ReproducedPage {
  private static final Pattern ENTRY = Pattern.compile("^\\| \\[([^]]+)]\\(([^)]+)\\)");

  private static final String UNFINISHED =
      """
      - *Not run* and *not finished* mean what they say: the time was up. The same command goes on from there. Nothing is judged before all of its
        runs are there, so no such row is a miss.
      """;

  private final Path results;
  private final String paper;
  private final String index;

  /**
   * @param results what {@code emergence reproduce} wrote to
   * @param paper {@code paper1}
   */
  ReproducedPage(Path results, String paper) throws IOException {
    this.results = results;
    this.paper = paper;
    this.index = Files.readString(results.resolve("reproduce-" + paper).resolve("index.md"));
  }

  /** Rows of the table by the file of the experiment. */
  Map<String, List<String[]>> entries() {
    Map<String, List<String[]>> out = new LinkedHashMap<>();
    String file = "";
    for (String line : index.lines().filter(l -> l.startsWith("| ")).skip(1).toList()) {
      Matcher begins = ENTRY.matcher(line);
      file = begins.find() ? begins.group(2) : file;
      String[] cells = line.split(" *\\| ?", -1);
      out.computeIfAbsent(file, f -> new ArrayList<>()).add(cells);
    }
    return out;
  }

  /** The folder of results of each file, by the file's name. */
  Map<String, Path> folders() {
    Map<String, Path> out = new LinkedHashMap<>();
    index
        .lines()
        .map(ENTRY::matcher)
        .filter(Matcher::find)
        .forEach(m -> out.put(m.group(2), results.resolve(m.group(1))));
    return out;
  }

  static boolean isWhole(List<String[]> rows) {
    return rows != null
        && rows.stream().allMatch(r -> !r[6].equals("not finished") && !r[6].equals("not run"));
  }

  /**
   * The page.
   *
   * @param title without a mark
   * @param notes how to read it, as items of a list
   * @param whenAllHold said in place of what missed
   */
  String text(String title, String notes, String whenAllHold) throws IOException {
    String summary = index.lines().skip(2).findFirst().orElse("");
    boolean whole = entries().values().stream().allMatch(ReproducedPage::isWhole);
    return "# "
        + title
        + "\n\nWhat `emergence reproduce "
        + paper
        + " --profile laptop` wrote as its `index.md`, on two cores ("
        + origin()
        + "). Other work kept them\nbusy most of the time: wall times are longer than those of a"
        + " quiet machine.\n"
        + summary
        + "\n`./dev reproduced RESULTS` writes this page from such a folder.\n\n"
        + (whole ? "" : UNFINISHED)
        + notes
        + "- "
        + verdicts(whenAllHold)
        + "\n\n"
        + index.substring(index.indexOf("| experiment"));
  }

  private String verdicts(String whenAllHold) {
    List<String> missed = new ArrayList<>();
    entries()
        .forEach(
            (file, rows) ->
                rows.stream()
                    .filter(r -> r[6].equals("missed") || r[6].equals("fails"))
                    .forEach(r -> missed.add(missed(file, r))));
    return missed.isEmpty() ? whenAllHold : "Missed:\n" + String.join("\n", missed);
  }

  /** A claim by its name, a law with the parameter that missed. */
  private static String missed(String file, String[] row) {
    return "  - `"
        + (row[2].matches("\\w+: \\w+") ? row[2] : row[2].replaceFirst(": .*", ""))
        + "` of ["
        + file
        + "]("
        + file
        + "): "
        + row[3];
  }

  /** Machines, commits and days of all runs. */
  private String origin() throws IOException {
    TreeSet<String> machines = new TreeSet<>();
    TreeSet<String> commits = new TreeSet<>();
    TreeSet<String> days = new TreeSet<>();
    for (Path folder : folders().values()) {
      try (Stream<Path> all = Files.walk(folder.resolve("runs"))) {
        for (Path file : all.filter(p -> p.endsWith("provenance.json")).toList()) {
          Map<String, Object> by = KeepResults.json(file);
          machines.add(by.get("device").toString().replaceFirst("^cpu: ", ""));
          commits.add(by.get("commit").toString());
          days.add(by.get("ended").toString().substring(0, 10));
        }
      }
    }
    return String.join(" and ", machines)
        + "; commit "
        + String.join(" and ", commits)
        + "; "
        + String.join(" and ", days);
  }
}
