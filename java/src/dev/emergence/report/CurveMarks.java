package dev.emergence.report;

import dev.emergence.analysis.Observation;
import dev.emergence.measure.Emergence;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Legend;
import dev.emergence.report.chart.LineStyle;
import dev.emergence.report.chart.Mark;
import dev.emergence.report.chart.Marker;
import dev.emergence.report.chart.Palette;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.PlotSpec;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where curves cross the thresholds that a plot marks: a sign on each curve, a line at a level. */
final class CurveMarks {
  /** One for each threshold; the same again for more than there are. */
  private static final List<Marker> SIGNS =
      List.of(
          Marker.DIAMOND, Marker.SQUARE, Marker.CIRCLE, Marker.WEDGE, Marker.PLUS, Marker.CROSS);

  private final PlotSpec.LearningCurves plot;
  private final boolean signed;
  private final List<Layer> signs = new ArrayList<>();

  /** The names of the thresholds at each level of the metric on the vertical axis. */
  private final Map<Double, List<String>> levels = new LinkedHashMap<>();

  /**
   * No marks yet.
   *
   * @param signed whether runs are drawn, so that a sign can stand on the curve of each
   */
  CurveMarks(PlotSpec.LearningCurves plot, boolean signed) {
    this.plot = plot;
    this.signed = signed;
  }

  private static Marker sign(int threshold) {
    return SIGNS.get(threshold % SIGNS.size());
  }

  private static String words(String threshold) {
    return threshold.replace('_', ' ');
  }

  /** Those of a run on its curve. */
  void add(Observation run, Series series, Color color) {
    for (int k = 0; k < plot.mark().size(); k++) {
      String name = plot.mark().get(k);
      Threshold threshold = run.thresholds().get(name);
      if (threshold == null) {
        continue;
      }
      if (threshold.metric().equals(plot.y()) && threshold.relativeTo() == Relative.ABSOLUTE) {
        double level = threshold.below().or(threshold::above).orElseThrow();
        List<String> names = levels.computeIfAbsent(level, any -> new ArrayList<>());
        if (!names.contains(words(name))) {
          names.add(words(name));
        }
      }
      if (signed && run.emergence(name) instanceof Emergence.Reached reached) {
        sign(series, reached.step() / series.unit(), color, sign(k));
      }
    }
  }

  private void sign(Series series, double at, Color color, Marker marker) {
    for (int i = 0; i < series.x().length; i++) {
      if (series.x()[i] == at) {
        signs.add(
            Layer.Points.plain(new double[] {at}, new double[] {series.y()[i]}, color, marker));
      }
    }
  }

  List<Layer> signs() {
    return signs;
  }

  List<Layer> levels() {
    List<Layer> rules = new ArrayList<>();
    levels.forEach(
        (level, names) -> {
          RichText words = RichText.plain(String.join(", ", names));
          rules.add(new Layer.Rule(false, level, words, Palette.REFERENCE, LineStyle.DOTTED));
        });
    return rules;
  }

  /** What the signs stand for. */
  List<Legend.Entry> legend() {
    List<Legend.Entry> entries = new ArrayList<>();
    for (int k = 0; signed && k < plot.mark().size(); k++) {
      RichText words = RichText.plain(words(plot.mark().get(k)));
      entries.add(Legend.Entry.sign(words, Mark.of(Palette.REFERENCE, sign(k))));
    }
    return entries;
  }
}
