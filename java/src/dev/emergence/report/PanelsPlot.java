package dev.emergence.report;

import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.GridPlots.Panels;
import dev.emergence.spec.PlotSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Other figures of the file side by side, with letters. */
final class PanelsPlot {
  private final Panels plot;
  private final PlotContext context;

  PanelsPlot(Panels plot, PlotContext context) {
    this.plot = plot;
    this.context = context;
  }

  Figure figure() {
    List<Panel> panels = new ArrayList<>();
    for (int k = 0; k < plot.of().size(); k++) {
      String name = plot.of().get(k);
      PlotSpec part = context.analysis().experiment().plots().get(name);
      PlotContext own = context.fresh();
      Figure figure =
          part instanceof PlotSpec.Attention patterns
              ? new AttentionPlot(patterns, own, true).figure()
              : Plots.figure(part, own);
      context.data().all(own.data(), "panel", name);
      List<Layer> all = figure.panels().stream().flatMap(p -> p.layers().stream()).toList();
      for (int i = 0; i < figure.panels().size(); i++) {
        Panel panel = figure.panels().get(i);
        panel = figure.sameAxes() && !panel.x().bare() ? panel.beside(all) : panel;
        panel = under(part.look().title(), figure.title(), panel);
        panels.add(i == 0 && plot.letters() ? panel.lettered(letter(k)) : panel);
      }
    }
    return new Figure(RichText.EMPTY, panels, plot.columns());
  }

  /**
   * What would stand above the whole figure of a plot, such as the step of attention patterns, is
   * its panel's title, or a sentence below where each panel has a title of its own.
   *
   * @param given the title that the file gives
   * @param usual the figure's own
   */
  private static Panel under(String given, RichText usual, Panel panel) {
    String title = given.isEmpty() ? usual.letters() : given;
    if (title.isEmpty()) {
      return panel;
    }
    return panel.title().isEmpty()
        ? panel.titled(given.isEmpty() ? usual : RichText.plain(given))
        : panel.noting(title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1) + ".");
  }

  private static RichText letter(int k) {
    return RichText.plain("(" + (char) ('a' + k % 26) + ")");
  }
}
