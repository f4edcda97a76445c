package dev.emergence.report;

import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.GridPlots.Panels;
import dev.emergence.spec.PlotSpec;
import java.util.ArrayList;
import java.util.List;

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
      Figure figure = Plots.figure(part, own);
      context.data().all(own.data(), "panel", name);
      for (int i = 0; i < figure.panels().size(); i++) {
        Panel panel = figure.panels().get(i);
        boolean named = panel.title().isEmpty() && !part.look().title().isEmpty();
        panel = named ? panel.titled(RichText.plain(part.look().title())) : panel;
        panels.add(i == 0 && plot.letters() ? panel.lettered(letter(k)) : panel);
      }
    }
    return new Figure(RichText.EMPTY, panels, plot.columns());
  }

  private static RichText letter(int k) {
    return RichText.plain("(" + (char) ('a' + k % 26) + ")");
  }
}
