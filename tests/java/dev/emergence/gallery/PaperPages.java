package dev.emergence.gallery;

import dev.emergence.Experiment;
import dev.emergence.dsl.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code ./dev reproduced RESULTS}: from what {@code emergence reproduce paper1 --profile laptop
 * --out RESULTS} left, the first paper's REPRODUCED.md and GALLERY.md with its figures; from what
 * {@code reproduce paper2} left, the second's REPRODUCED.md and its results.
 */
public final class PaperPages {
  static final Path FOLDER = Path.of("dsl-examples", "paper1");
  private static final int MOST_FIGURES = 3;
  private static final long LARGEST_FIGURE = 300_000;

  /**
   * One figure of the paper.
   *
   * @param plots to show, in this order; of no names the first ones
   * @param form what came of ours besides laws, where that is more than its picture
   * @param printed the paper's numbers
   */
  private record Entry(
      String number, String title, String file, List<String> plots, String form, String printed) {}

  private static Entry entry(
      String number, String title, String file, String plots, String form, String printed) {
    return new Entry(number, title, file, List.of(plots.split(",")), form, printed);
  }

  private static final List<Entry> FIGURES =
      List.of(
          entry("1", "The toy model", "fig1", "whole", "", "1.51 T^0.99 d^0.49, R² 0.999"),
          entry(
              "2",
              "Repetition in the toy model",
              "fig2",
              "whole",
              "",
              "left: 1.51 T^0.99 B^-0.99 d^0.49, R² 0.999; right: 2.15 x^1.02, R² 0.992"),
          entry(
              "3",
              "A Transformer, against d, T, B and p",
              "fig3",
              "left,middle,right",
              "",
              "0.76 d^1.29 (T/B)^0.80, R² 0.995"),
          entry(
              "4",
              "In-context associative recall",
              "fig4",
              "left,right_half",
              "",
              "0.55 N_tokens^0.79 N_pairs^2.25, R² 0.982"),
          entry(
              "5, 16",
              "Recall with repetition",
              "fig5",
              "left_accuracy,right_accuracy",
              "the form: repetition in context and over samples comes earlier",
              "up to 4 times earlier with B, up to twice with p"),
          entry("6", "The reduced loss's landscape", "fig6", "landscape", "", "a figure alone"),
          entry(
              "7",
              "Early dynamics and their linearisation",
              "fig7",
              "delta_a",
              "",
              "a figure alone"),
          entry("8", "Fast and slow directions", "fig8", "whole", "", "a figure alone"),
          entry(
              "9",
              "SGD against the theory",
              "fig9",
              "attention",
              "five seeds around the reduced flow",
              "five seeds around the theory"),
          entry("10", "Cross-sample repetition", "fig10", "whole", "", "a figure alone"),
          entry(
              "11",
              "Learning curves for four d",
              "fig11",
              "",
              "the form: later cliffs for larger d",
              "a figure alone"),
          entry(
              "12",
              "Loss with and without repetition",
              "fig12",
              "top_32,bottom_32",
              "the form: with larger p the loss falls earlier, and stays higher without repetition",
              "a figure alone"),
          entry(
              "13",
              "Depth and number of heads",
              "fig13",
              "",
              "",
              "1.03 d^1.27 T^0.70 layers^0.06 heads^0.16, R² 0.995"),
          entry(
              "14",
              "Where the relevant token is, and how it is marked",
              "fig14",
              "left,middle,right",
              "",
              "feature: 1.43 d^1.31 T^0.58; both: 4.2 d^1.22 T^0.29; place: 4.61 d^1.21 T^0.30"),
          entry(
              "15",
              "SGD and Adam",
              "fig15",
              "left,right",
              "",
              "SGD: 6.42 d^1.44 T^1.07; Adam: 1.45 d^1.31 T^0.57"),
          entry(
              "17",
              "Heads while recall emerges",
              "fig17",
              "accuracy,selection",
              "accuracy and both attention measures jump together",
              "they jump together"));

  private static final String NOTES =
      """
      - Claims are the paper's statements; a verdict says whether one holds at this size. Of a parameter of a law it says whether the number lies
        where the file expects it. At a laptop's size that is not where the paper has it: tokens and sequences are up to ten times as short, and
        the exponents of small tasks are smaller. Rows without a verdict are there for comparison only. C goes with the exponents: with smaller
        ones it is larger. Theory is at the paper's size.
      - Which statement each claim is, and why those that are missed are: [FIGURES.md](FIGURES.md#what-the-paper-says-and-what-checks-it).
      - *Published* is the paper's number at the paper's size. How the figures compare point by point: [FIGURES.md](FIGURES.md); as pictures:
        [GALLERY.md](GALLERY.md).
      """;

  private static final String ALL_HOLD =
      "Every law and every claim came out where its file expects it.";

  private static final String NOTES_2 =
      """
      - A verdict says whether a claim holds at a laptop's size: maps of 8 and 10 cells, automata of 6 to 12, a language of 64 words, models of width
        8 to 64. The claims are the paper's statements, or what they come to at that size; the files say which.
      - *Published* is the paper's number at the paper's size. How the figures compare point by point: [FIGURES.md](FIGURES.md). All figures and
        the times of emergence of these runs are in [results](../results/README.md).
      """;

  private PaperPages() {}

  public static void main(String[] args) throws IOException {
    Path results = Path.of(args[0]);
    if (Files.isDirectory(results.resolve("reproduce-paper1"))) {
      first(results);
    }
    if (Files.isDirectory(results.resolve("reproduce-paper2"))) {
      second(results);
    }
  }

  private static void first(Path results) throws IOException {
    ReproducedPage page = new ReproducedPage(results, "paper1");
    Files.writeString(
        FOLDER.resolve("REPRODUCED.md"), page.text("The first paper on a laptop", NOTES, ALL_HOLD));
    Files.writeString(FOLDER.resolve("GALLERY.md"), gallery(results, page.entries()));
    System.err.println("written: REPRODUCED.md and GALLERY.md of " + FOLDER);
  }

  /** Its figures and times are kept as those of other examples are. */
  private static void second(Path results) throws IOException {
    Path folder = Path.of("dsl-examples", "paper2");
    ReproducedPage page = new ReproducedPage(results, "paper2");
    Files.writeString(
        folder.resolve("REPRODUCED.md"),
        page.text("The second paper on a laptop", NOTES_2, "Every claim holds."));
    for (Map.Entry<String, Path> of : page.folders().entrySet()) {
      boolean laptop = of.getValue().getFileName().toString().endsWith("+laptop");
      KeepResults.keep(
          of.getValue(), folder.resolve(of.getKey()).toString(), laptop ? "laptop" : "");
    }
    Files.writeString(GalleryPage.PAGE, GalleryPage.write());
    System.err.println("written: REPRODUCED.md of " + folder + ", and " + GalleryPage.PAGE);
  }

  private static String gallery(Path results, Map<String, List<String[]>> entries)
      throws IOException {
    StringBuilder out =
        new StringBuilder(
            """
            # Gallery: every figure of the first paper, ours beside the printed numbers

            The printed figures cannot be copied here; their numbers can. Theory is at the paper's size. Trainings are at the size of the laptop profile,
            with smaller tasks, whose exponents are smaller; all numbers with intervals, verdicts and wall times are in [REPRODUCED.md](REPRODUCED.md).
            What the printed figures have and ours differ in, point by point: [FIGURES.md](FIGURES.md).

            | figure | ours | numbers |
            |---|---|---|
            """);
    for (Entry e : FIGURES) {
      List<String[]> rows = entries.get(e.file() + ".yaml");
      boolean whole = ReproducedPage.isWhole(rows);
      String images =
          images(results, e, whole).stream()
              .map(i -> "<img src=\"" + i + "\" width=\"300\" alt=\"" + alt(e) + "\">")
              .collect(Collectors.joining("<br>"));
      String command = "`emergence run " + e.file() + ".yaml --profile laptop`";
      String ours = whole ? numbers(e, rows) : "";
      out.append("| ").append(e.number()).append(" | ");
      out.append(images.isEmpty() ? "not run to its end here: " + command : images).append(" | ");
      out.append(e.title()).append(" ([").append(e.file()).append(".yaml](");
      out.append(e.file()).append(".yaml))<br>");
      out.append(ours.isEmpty() ? "" : "ours: " + ours + "<br>");
      out.append("paper: ").append(e.printed()).append(" |\n");
    }
    return out.toString();
  }

  private static String alt(Entry e) {
    return e.number() + ": " + e.title();
  }

  /** Our laws, {@code left: C 1.305, alpha 0.4987, R² 0.9999; right: ...}, or a claim's ratio. */
  private static String numbers(Entry e, List<String[]> rows) {
    Map<String, List<String>> laws = new LinkedHashMap<>();
    for (String[] r : rows) {
      String[] name = r[2].split(": ", 2);
      if (name.length == 2 && !r[3].isEmpty() && !r[3].equals("–")) {
        laws.computeIfAbsent(name[0], n -> new ArrayList<>()).add(kind(name[1]) + " " + r[3]);
      }
    }
    List<String> parts = new ArrayList<>();
    laws.forEach((name, of) -> parts.add(name.replace('_', ' ') + ": " + String.join(", ", of)));
    String all = String.join("; ", parts);
    return all.isEmpty() ? (e.form().isEmpty() ? "a figure alone" : e.form()) : all;
  }

  /** What a number is: a parameter by its name, or what a claim's sentence begins with. */
  private static String kind(String about) {
    if (about.matches("[A-Za-z_0-9]+")) {
      return about.equals("r2") ? "R²" : about;
    }
    return about.startsWith("the share") ? "the share is" : "the ratio is";
  }

  /** Takes the figures of a whole experiment; else those that were taken before stay. */
  private static List<String> images(Path results, Entry e, boolean whole) throws IOException {
    Path small = results.resolve(e.file() + "+laptop").resolve("plots");
    Path large = results.resolve(e.file()).resolve("plots");
    boolean laptop = Files.isDirectory(small);
    if (whole) {
      draw(results, e, laptop);
    }
    List<String> out = new ArrayList<>();
    for (String name : names(e, laptop ? small : large)) {
      String full = "figures/" + e.file() + "-" + name + ".svg";
      String mine = laptop ? "figures/laptop-" + e.file() + "-" + name + ".svg" : full;
      Path from = (laptop ? small : large).resolve(name + ".svg");
      // A figure at the paper's size is worth more than one at a laptop's.
      if (laptop && Files.exists(FOLDER.resolve(full))) {
        out.add(full);
      } else if (whole && Files.exists(from) && Files.size(from) < LARGEST_FIGURE) {
        Files.copy(from, FOLDER.resolve(mine), StandardCopyOption.REPLACE_EXISTING);
        out.add(mine);
      } else if (Files.exists(FOLDER.resolve(mine))) {
        out.add(mine);
      }
    }
    return out;
  }

  /** By the file and the program as they stand. */
  private static void draw(Path results, Entry e, boolean laptop) throws IOException {
    ReadOptions options = laptop ? ReadOptions.none().withProfile("laptop") : ReadOptions.none();
    Experiment experiment = Experiment.load(FOLDER.resolve(e.file() + ".yaml"), options);
    experiment
        .stored(results.resolve(e.file() + (laptop ? "+laptop" : "")), System.err::println)
        .writePlots()
        .forEach(System.err::println);
  }

  private static List<String> names(Entry e, Path plots) throws IOException {
    if (!e.plots().equals(List.of("")) || !Files.isDirectory(plots)) {
      return e.plots();
    }
    try (Stream<Path> all = Files.list(plots)) {
      return all.map(p -> p.getFileName().toString())
          .filter(n -> n.endsWith(".svg"))
          .map(n -> n.replace(".svg", ""))
          .sorted()
          .limit(MOST_FIGURES)
          .toList();
    }
  }
}
