package dev.emergence.dsl.check;

import dev.emergence.dsl.bind.Suggestions;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.spec.ComparisonPlots;
import dev.emergence.spec.Condition;
import dev.emergence.spec.GridPlots;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.expr.Names;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether a figure can be drawn from what the runs will leave. */
final class PlotChecks {
  /** The coordinates of a landscape. */
  private static final List<String> COORDINATES = List.of("w", "delta_a");

  private final References names;
  private final String path;
  private final Known known;
  private List<Condition> data = List.of();

  /** The names of a file's fits and claims, and its plots. */
  record Known(Set<String> fits, Set<String> claims, Map<String, PlotSpec> plots) {}

  private PlotChecks(References names, String plotName, Known known) {
    this.names = names;
    this.path = "plots." + plotName;
    this.known = known;
  }

  /** Checks one plot. */
  static void check(References names, String plotName, PlotSpec plot, Known known) {
    new PlotChecks(names, plotName, known).check(plot);
  }

  private void check(PlotSpec plot) {
    if (plot instanceof ComparisonPlots.Ratios p) {
      p.claims().forEach(c -> names.word(path + ".claims", c, known.claims(), "claim"));
      return;
    } else if (plot instanceof GridPlots.Panels p) {
      p.of().forEach(this::panel);
      return;
    }
    data =
        names.where(path + ".where", plot.where(), names.conditions(path + ".data", plot.data()));
    if (plot instanceof PlotSpec.Scaling p) {
      scaling(p);
    } else if (plot instanceof PlotSpec.LearningCurves p) {
      names.metric(path + ".y", p.y(), data);
      color(p.color());
      p.mark().forEach(name -> names.threshold(path + ".mark", name, data));
      p.align().ifPresent(name -> names.threshold(path + ".align", name, data));
      levels(p.levels(), p.y());
      p.theory()
          .ifPresent(
              name -> names.word(path + ".theory", name, Names.COURSES, "theoretical curve"));
      limits(p.limits(), p.scale());
    } else if (plot instanceof PlotSpec.Attention p) {
      attention(p);
    } else if (plot instanceof PlotSpec.Trajectories p) {
      trajectories(p);
    } else if (plot instanceof PlotSpec.Landscape p) {
      toyOnly();
      limits(p.limits(), new PlotSpec.Scales(PlotSpec.Scale.LINEAR, PlotSpec.Scale.LINEAR));
      if (p.limits().x().isEmpty() || p.limits().y().isEmpty()) {
        names
            .out()
            .report(
                names.place(path + ".limits"),
                Code.E140,
                "a landscape needs the ends of both axes",
                "limits: {x: [-2, 14], y: [-2, 12]}");
      }
    } else if (plot instanceof PlotSpec.Theory p) {
      names.word(path + ".relation", p.relation(), Names.RELATIONS, "relation");
      color(p.color());
      limits(p.limits(), p.scale());
    } else {
      comparison(plot);
    }
  }

  private void comparison(PlotSpec plot) {
    if (plot instanceof ComparisonPlots.Categories p) {
      names.symbol(path + ".x", p.x(), true);
      names.column(path + ".y", p.y(), data);
      color(p.color());
      ends(path + ".limits", p.limits(), p.scale());
    } else if (plot instanceof ComparisonPlots.EmergenceScatter p) {
      names.symbol(path + ".x", p.x(), true);
      names.threshold(path + ".threshold", p.threshold(), data);
      color(p.color());
      ends(path + ".limits", p.limits(), p.scale());
    } else if (plot instanceof ComparisonPlots.Hazard p) {
      names.threshold(path + ".threshold", p.threshold(), data);
      color(p.color());
      limits(p.limits(), new PlotSpec.Scales(p.scale(), PlotSpec.Scale.LINEAR));
    } else if (plot instanceof GridPlots.Rows p) {
      pattern(p.y());
      limits(p.limits(), p.scale());
    } else if (plot instanceof GridPlots.Heatmap p) {
      names.symbol(path + ".x", p.x(), true);
      names.symbol(path + ".y", p.y(), true);
      names.column(path + ".of", p.of(), data);
    }
  }

  /** Panels are figures of the file that are no panels themselves. */
  private void panel(String name) {
    Set<String> others = new LinkedHashSet<>(known.plots().keySet());
    others.removeIf(other -> known.plots().get(other) instanceof GridPlots.Panels);
    names.word(path + ".of", name, others, "other plot");
  }

  private void pattern(String pattern) {
    Pattern regex = Pattern.compile(Pattern.quote(pattern).replace("*", "\\E[^.]+\\Q"));
    for (RunConfig config : References.kinds(data)) {
      if (Metrics.stored(config).stream().noneMatch(m -> regex.matcher(m).matches())) {
        names
            .out()
            .report(
                names.place(path + ".y"),
                Code.E151,
                "nothing measures '" + Texts.shorten(pattern) + "'",
                Suggestions.meantOrKnown(pattern, Metrics.of(config)));
        return;
      }
    }
  }

  private void scaling(PlotSpec.Scaling p) {
    if (names.symbol(path + ".x", p.x(), false)) {
      numeric(p.x());
    }
    names.column(path + ".y", p.y(), data);
    levels(p.levels(), p.y());
    color(p.color());
    if (!p.line().equals("none")) {
      List<String> lines = new ArrayList<>(known.fits());
      lines.add("mean");
      names.word(path + ".line", p.line(), lines, "fit");
    }
    p.theory()
        .ifPresent(name -> names.word(path + ".theory", name, Names.PREDICTIONS, "prediction"));
    limits(p.limits(), p.scale());
  }

  private void numeric(String symbol) {
    for (Condition c : data) {
      boolean number =
          names.symbols().value(symbol, c.config()).map(v -> v instanceof Number).orElse(false);
      if (!number) {
        names
            .out()
            .report(
                names.place(path + ".x"),
                Code.E135,
                "'" + symbol + "' is no number in some conditions, so it cannot be an axis",
                "use it as color, or write kind: categories for words on x");
        return;
      }
    }
  }

  private void levels(List<String> levels, String y) {
    levels.forEach(name -> names.word(path + ".levels", name, Names.LEVELS, "level"));
    if (!levels.isEmpty() && !y.matches("[^.]+\\.(loss|accuracy)")) {
      names
          .out()
          .report(
              names.place(path + ".levels"),
              Code.E140,
              "levels are of a test set's loss or accuracy, not of " + Texts.shorten(y),
              "leave levels out, or write y: test.loss");
    }
  }

  private void color(Optional<String> color) {
    color.ifPresent(name -> names.symbol(path + ".color", name, true));
  }

  private void trajectories(PlotSpec.Trajectories p) {
    p.y().forEach(name -> names.metric(path + ".y", name, data));
    if (!p.x().equals("time")) {
      names.metric(path + ".x", p.x(), data);
    }
    color(p.color());
    p.theory()
        .ifPresent(name -> names.word(path + ".theory", name, Names.COURSES, "theoretical curve"));
    limits(p.limits(), p.scale());
  }

  private void toyOnly() {
    for (RunConfig config : References.kinds(data)) {
      if (!config.architecture().readings().containsAll(COORDINATES)) {
        names
            .out()
            .report(
                names.key(path),
                Code.E140,
                "only the toy architecture has a landscape of two coordinates",
                "");
        return;
      }
    }
  }

  private void attention(PlotSpec.Attention p) {
    for (RunConfig config : References.kinds(data)) {
      MeasurementSpec.Attention kept = config.measurement().attention();
      if (kept.picturesAt().isEmpty()) {
        names
            .out()
            .report(
                names.key(path),
                Code.E151,
                "no attention pattern is kept",
                "write measurement: {attention: {pictures_at: [" + p.at() + "]}}");
        return;
      }
      if (!kept.picturesAt().contains(p.at())) {
        names.word(path + ".at", p.at(), kept.picturesAt(), "picture");
        return;
      }
      int heads = config.architecture().heads();
      config
          .architecture()
          .stack()
          .filter(stack -> heads > 0)
          .ifPresent(
              stack -> {
                numbers(path + ".layers", p.layers(), stack.layers(), "layer");
                numbers(path + ".heads", p.heads(), heads, "head");
              });
    }
  }

  private void numbers(String at, String text, int most, String what) {
    if (text.equals("all")) {
      return;
    }
    for (String part : text.split(",", -1)) {
      boolean fine =
          part.strip().matches("[1-9][0-9]{0,3}") && Integer.parseInt(part.strip()) <= most;
      if (!fine) {
        names
            .out()
            .report(
                names.place(at),
                Code.E140,
                "there is no " + what + " '" + Texts.shorten(part.strip()) + "'",
                "write all, or numbers from 1 to " + most + " such as \"1, 2\"");
        return;
      }
    }
  }

  private void limits(PlotSpec.Limits limits, PlotSpec.Scales scale) {
    ends(path + ".limits.x", limits.x(), scale.x());
    ends(path + ".limits.y", limits.y(), scale.y());
  }

  private void ends(String at, List<Double> ends, PlotSpec.Scale scale) {
    boolean pair = ends.size() == 2 && ends.get(0) < ends.get(1);
    if (!ends.isEmpty() && !pair) {
      names
          .out()
          .report(
              names.place(at),
              Code.E140,
              at + " must be two numbers, the smaller first",
              "such as [1e-6, 1]");
    } else if (pair && scale == PlotSpec.Scale.LOG && ends.get(0) <= 0) {
      names
          .out()
          .report(
              names.place(at),
              Code.E140,
              at + " must be above 0, because this axis is logarithmic",
              "such as [1e-6, " + Texts.number(Math.max(1, ends.get(1))) + "], or another scale");
    }
  }
}
