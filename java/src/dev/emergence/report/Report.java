package dev.emergence.report;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Observation;
import dev.emergence.analysis.StudyTables;
import dev.emergence.page.Provenances;
import dev.emergence.page.ReportData;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.FontsMissing;
import dev.emergence.result.Damaged;
import dev.emergence.result.Disk;
import dev.emergence.result.Picture;
import dev.emergence.result.ResultsFolder;
import dev.emergence.spec.FigureSpec;
import dev.emergence.spec.Keys;
import dev.emergence.spec.PlotSpec;
import dev.emergence.task.KnownLevels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws an experiment's plots and writes its report page, from what lies in its results folder. */
public final class Report {
  private final ResultsFolder folder;
  private final Analysis analysis;
  private final Provenances provenances;
  private final KnownLevels levels = new KnownLevels();
  private final List<String> warnings = new ArrayList<>();

  private Report(ResultsFolder folder, Analysis analysis) {
    this.folder = folder;
    this.analysis = analysis;
    this.provenances = new Provenances(folder);
  }

  /**
   * Writes {@code plots/NAME.svg}, {@code .png}, {@code .pdf}, {@code .csv} (or what the file asks
   * for), {@code tables/*.tex} and {@code report.html} anew, each in one step.
   *
   * @return what could not be written or read, and which figures are larger than asked, a sentence
   *     each
   */
  public static List<String> write(ResultsFolder folder, Analysis analysis) throws IOException {
    Report report = new Report(folder, analysis);
    folder.writeDerived("tables/laws.tex", text(Latex.laws(analysis)));
    folder.writeDerived("tables/emergence.tex", text(Latex.emergence(analysis)));
    report.page(report.plots());
    return List.copyOf(report.warnings);
  }

  /**
   * Draws the plots alone.
   *
   * @return what could not be written or read, and which figures are larger than asked, a sentence
   *     each
   */
  public static List<String> writePlots(ResultsFolder folder, Analysis analysis)
      throws IOException {
    Report report = new Report(folder, analysis);
    report.plots();
    return List.copyOf(report.warnings);
  }

  /** The figures of an experiment by name, unwritten. */
  public static Map<String, Figure> figures(Analysis analysis, PictureSource pictures) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    drawings(analysis, pictures).forEach((name, drawing) -> figures.put(name, drawing.figure()));
    return Collections.unmodifiableMap(figures);
  }

  /** The figures of an experiment by name with the numbers behind them, unwritten. */
  public static Map<String, Drawing> drawings(Analysis analysis, PictureSource pictures) {
    return drawings(analysis, pictures, new KnownLevels());
  }

  private static Map<String, Drawing> drawings(
      Analysis analysis, PictureSource pictures, KnownLevels levels) {
    PlotContext context = PlotContext.of(analysis, pictures, levels);
    Map<String, Drawing> drawings = new LinkedHashMap<>();
    analysis
        .experiment()
        .plots()
        .forEach((name, plot) -> drawings.put(name, drawing(plot, context.fresh())));
    return Collections.unmodifiableMap(drawings);
  }

  private static Drawing drawing(PlotSpec plot, PlotContext context) {
    Figure drawn = Plots.figure(plot, context);
    for (String choice : context.analysis().choices(plot.data())) {
      drawn =
          drawn.noting(choice.substring(0, 1).toUpperCase(Locale.ROOT) + choice.substring(1) + ".");
    }
    Figure figure = context.theme().put(drawn, plot.look());
    return new Drawing(figure, context.data().csv());
  }

  private Map<String, Sheet> plots() throws IOException {
    Map<String, Sheet> sheets = new LinkedHashMap<>();
    FigureSpec spec = analysis.experiment().figures();
    for (Map.Entry<String, Drawing> entry : drawings(analysis, this::pictures, levels).entrySet()) {
      Sheet sheet = new Sheet(entry.getValue().figure(), spec);
      outgrown(entry.getKey(), entry.getValue().figure());
      for (FigureSpec.Format format : spec.formats()) {
        write("plots/" + entry.getKey(), entry.getValue(), sheet, format);
      }
      if (spec.notes() == FigureSpec.Notes.APART) {
        String caption = String.join("\n", entry.getValue().figure().caption()) + "\n";
        folder.writeDerived("plots/" + entry.getKey() + ".txt", text(caption));
      }
      sheets.put(entry.getKey(), sheet);
    }
    return sheets;
  }

  private void outgrown(String plot, Figure figure) {
    figure
        .outgrown()
        .ifPresent(
            size ->
                warn(
                    "plots."
                        + plot
                        + " is "
                        + size
                        + ", because its panels and words need that much. Fewer columns, fewer"
                        + " panels or smaller fonts make it smaller."));
  }

  private void write(String file, Drawing drawing, Sheet sheet, FigureSpec.Format format)
      throws IOException {
    String name = file + "." + Keys.word(format);
    switch (format) {
      case SVG -> folder.writeDerived(name, text(sheet.svg()));
      case PDF -> folder.writeDerived(name, Disk.Content.of(drawing.figure().pdf()));
      case CSV -> folder.writeDerived(name, text(drawing.csv()));
      case PNG -> {
        try {
          folder.writeDerived(name, Disk.Content.of(sheet.png()));
        } catch (FontsMissing e) {
          warn(e.getMessage());
        }
      }
      default -> throw new IllegalStateException("no writer for " + format);
    }
  }

  private void page(Map<String, Sheet> figures) throws IOException {
    List<Map<String, Object>> origins = new ArrayList<>();
    for (Observation run : analysis.runs()) {
      if (run.stored().isPresent()) {
        origins.add(provenance(run.assignment().run()));
      }
    }
    folder.writeDerived(
        "report.html",
        text(
            new Page(analysis, figures, origins, folder.options(), StudyTables.of(analysis, folder))
                .html(new ReportData(analysis, folder, provenances, levels))));
  }

  private Map<String, Object> provenance(String run) {
    try {
      return provenances.of(run);
    } catch (Damaged e) {
      warn("run " + run + ": " + e.getMessage());
      return Map.of();
    }
  }

  private List<Picture> pictures(String run) {
    try {
      return folder.run(run).pictures();
    } catch (Damaged e) {
      warn("run " + run + ": " + e.getMessage());
      return List.of();
    }
  }

  private void warn(String sentence) {
    if (!warnings.contains(sentence)) {
      warnings.add(sentence);
    }
  }

  private static Disk.Content text(String text) {
    return Disk.Content.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
