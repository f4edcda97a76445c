package dev.emergence.report;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Observation;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.FontsMissing;
import dev.emergence.result.Damaged;
import dev.emergence.result.Disk;
import dev.emergence.result.Picture;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Draws an experiment's plots and writes its report page, from what lies in its results folder. */
public final class Report {
  private final ResultsFolder folder;
  private final Analysis analysis;
  private final List<String> warnings = new ArrayList<>();

  private Report(ResultsFolder folder, Analysis analysis) {
    this.folder = folder;
    this.analysis = analysis;
  }

  /**
   * Writes {@code plots/NAME.svg}, {@code plots/NAME.png} and {@code report.html} anew, each in one
   * step.
   *
   * @return what could not be written or read, a sentence each
   */
  public static List<String> write(ResultsFolder folder, Analysis analysis) throws IOException {
    Report report = new Report(folder, analysis);
    report.page(report.plots());
    return List.copyOf(report.warnings);
  }

  /** Draws the plots alone. @return what could not be written or read, a sentence each */
  public static List<String> writePlots(ResultsFolder folder, Analysis analysis)
      throws IOException {
    Report report = new Report(folder, analysis);
    report.plots();
    return List.copyOf(report.warnings);
  }

  /** The figures of an experiment by name, unwritten. */
  public static Map<String, Figure> figures(Analysis analysis, PictureSource pictures) {
    PlotContext context = PlotContext.of(analysis, pictures);
    Map<String, Figure> figures = new LinkedHashMap<>();
    analysis
        .experiment()
        .plots()
        .forEach((name, plot) -> figures.put(name, Plots.figure(plot, context)));
    return Collections.unmodifiableMap(figures);
  }

  private Map<String, Figure> plots() throws IOException {
    Map<String, Figure> figures = figures(analysis, this::pictures);
    for (Map.Entry<String, Figure> entry : figures.entrySet()) {
      String file = "plots/" + entry.getKey();
      folder.writeDerived(file + ".svg", text(entry.getValue().svg()));
      try {
        folder.writeDerived(file + ".png", Disk.Content.of(entry.getValue().png()));
      } catch (FontsMissing e) {
        warn(e.getMessage());
      }
    }
    return figures;
  }

  private void page(Map<String, Figure> figures) throws IOException {
    List<Map<String, Object>> provenances = new ArrayList<>();
    for (Observation run : analysis.runs()) {
      if (run.stored().isPresent()) {
        provenances.add(provenance(run.assignment().run()));
      }
    }
    folder.writeDerived("report.html", text(new Page(analysis, figures, provenances).html()));
  }

  private Map<String, Object> provenance(String run) {
    try {
      return folder.run(run).provenance();
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
