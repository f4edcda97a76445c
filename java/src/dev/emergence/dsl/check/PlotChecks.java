package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.spec.Catalog;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.ComparisonPlots;
import dev.emergence.spec.Condition;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.GridPlots;
import dev.emergence.spec.Keys;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TheoryPlots;
import dev.emergence.spec.expr.Names;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether a figure can be drawn from what the runs will leave. */
final class PlotChecks {
  /** Levels for hints, with the first of those that count known rows. */
  private static final List<String> KNOWN_LEVELS =
      Stream.concat(Names.LEVELS.stream(), Stream.of("rows_1")).toList();

  /** The coordinates of a landscape. */
  private static final List<String> COORDINATES = List.of("w", "delta_a");

  private static final Catalog<PlotSpec, BiConsumer<PlotChecks, PlotSpec>> KINDS =
      Catalog.complete(
          "plot",
          PlotSpec.class,
          Map.ofEntries(
              entry(PlotSpec.Scaling.class, PlotChecks::scaling),
              entry(PlotSpec.LearningCurves.class, PlotChecks::curves),
              entry(
                  PlotSpec.Attention.class,
                  (checks, p) ->
                      AttentionPlotChecks.check(checks.names, checks.path, p, checks.data)),
              entry(TheoryPlots.Trajectories.class, PlotChecks::trajectories),
              entry(TheoryPlots.Landscape.class, PlotChecks::landscape),
              entry(TheoryPlots.Theory.class, PlotChecks::theory),
              entry(ComparisonPlots.Categories.class, PlotChecks::categories),
              entry(ComparisonPlots.EmergenceScatter.class, PlotChecks::scatter),
              entry(ComparisonPlots.Hazard.class, PlotChecks::hazard),
              entry(ComparisonPlots.Ratios.class, PlotChecks::ratios),
              entry(GridPlots.Rows.class, PlotChecks::rows),
              entry(GridPlots.Heatmap.class, PlotChecks::heatmap),
              entry(GridPlots.Panels.class, PlotChecks::panels)));

  private final References names;
  private final String path;
  private final Known known;
  private List<Condition> data = List.of();

  /**
   * The names of a file's fits, and its claims and plots, null where they could not be read.
   *
   * @param laws those of the fits that could be read
   */
  record Known(
      Set<String> fits,
      Map<String, FitSpec> laws,
      Map<String, ClaimSpec> claims,
      Map<String, PlotSpec> plots) {}

  private PlotChecks(References names, String plotName, Known known) {
    this.names = names;
    this.path = "plots." + plotName;
    this.known = known;
  }

  private static <S extends PlotSpec>
      Map.Entry<Class<? extends PlotSpec>, BiConsumer<PlotChecks, PlotSpec>> entry(
          Class<S> kind, BiConsumer<PlotChecks, S> check) {
    return Map.entry(kind, (checks, plot) -> check.accept(checks, kind.cast(plot)));
  }

  /** Checks one plot. */
  static void check(References names, String plotName, PlotSpec plot, Known known) {
    new PlotChecks(names, plotName, known).check(plot);
  }

  private void check(PlotSpec plot) {
    data =
        plot.isOfData()
            ? names.where(
                path + ".where", plot.where(), names.conditions(path + ".data", plot.data()))
            : List.of();
    KINDS.of(plot).accept(this, plot);
  }

  private void curves(PlotSpec.LearningCurves p) {
    names.metric(path + ".y", p.y(), data);
    color(p.color());
    p.mark().forEach(name -> names.threshold(path + ".mark", name, data));
    p.align().ifPresent(name -> names.threshold(path + ".align", name, data));
    if (p.align().isEmpty()) {
      axes().clock("data");
    }
    levels(p.levels(), p.y());
    course(p.theory());
    axes().limits(p.limits(), p.scale());
  }

  private void course(Optional<String> theory) {
    theory.ifPresent(
        name -> names.word(path + ".theory", name, Names.COURSES, "theoretical curve"));
  }

  private void landscape(TheoryPlots.Landscape p) {
    toyOnly();
    axes().limits(p.limits(), new PlotSpec.Scales(PlotSpec.Scale.LINEAR, PlotSpec.Scale.LINEAR));
    if (p.limits().x().isEmpty() || p.limits().y().isEmpty()) {
      names
          .out()
          .report(
              names.place(path + ".limits"),
              Code.E140,
              "a landscape needs the ends of both axes",
              "limits: {x: [-2, 14], y: [-2, 12]}");
    }
  }

  private void theory(TheoryPlots.Theory p) {
    names.word(path + ".relation", p.relation(), Names.RELATIONS, "relation");
    color(p.color());
    axes().limits(p.limits(), p.scale());
  }

  private void categories(ComparisonPlots.Categories p) {
    names.symbol(path + ".x", p.x(), true);
    axes().variants("x", p.x());
    names.column(path + ".y", p.y(), data);
    axes().clock("y", p.y());
    color(p.color());
    axes().ends("limits", p.limits(), p.scale());
  }

  private void scatter(ComparisonPlots.EmergenceScatter p) {
    names.symbol(path + ".x", p.x(), true);
    axes().variants("x", p.x());
    names.threshold(path + ".threshold", p.threshold(), data);
    axes().clock("threshold");
    color(p.color());
    axes().ends("limits", p.limits(), p.scale());
  }

  private void hazard(ComparisonPlots.Hazard p) {
    names.threshold(path + ".threshold", p.threshold(), data);
    axes().clock("threshold");
    color(p.color());
    axes().limits(p.limits(), new PlotSpec.Scales(p.scale(), PlotSpec.Scale.LINEAR));
  }

  private void ratios(ComparisonPlots.Ratios p) {
    for (String name : p.claims()) {
      names.word(path + ".claims", name, known.claims().keySet(), "claim");
      ClaimSpec claim = known.claims().get(name);
      if (claim != null && !(claim instanceof ClaimSpec.Ratio)) {
        names
            .out()
            .report(
                names.place(path + ".claims"),
                Code.E140,
                "claim '" + name + "' is of kind " + Keys.kindOf((Record) claim),
                "plots of ratios show claims of kind ratio");
      }
    }
  }

  private void rows(GridPlots.Rows p) {
    pattern(p.y());
    axes().limits(p.limits(), p.scale());
  }

  private void heatmap(GridPlots.Heatmap p) {
    names.symbol(path + ".x", p.x(), true);
    names.symbol(path + ".y", p.y(), true);
    names.column(path + ".of", p.of(), data);
    axes().clock("of", p.of());
  }

  private void panels(GridPlots.Panels p) {
    p.of().forEach(this::panel);
  }

  /** Panels are figures of the file that are no panels themselves. */
  private void panel(String name) {
    Set<String> others = new LinkedHashSet<>(known.plots().keySet());
    others.removeIf(other -> known.plots().get(other) instanceof GridPlots.Panels);
    names.word(path + ".of", name, others, "other plot");
  }

  private void pattern(String pattern) {
    Pattern regex = Metrics.starred(pattern);
    for (RunConfig config : References.kinds(data)) {
      if (Metrics.stored(config).stream().noneMatch(m -> regex.matcher(m).matches())) {
        names.unmeasured(path + ".y", pattern, config);
        return;
      }
    }
  }

  private void scaling(PlotSpec.Scaling p) {
    if (names.symbol(path + ".x", p.x(), false)) {
      axes().numeric(p.x());
    }
    names.column(path + ".y", p.y(), data);
    axes().clock("y", p.y());
    levels(p.levels(), p.y());
    color(p.color());
    if (!p.line().equals("none")) {
      List<String> lines = new ArrayList<>(known.fits());
      lines.add("mean");
      names.word(path + ".line", p.line(), lines, "fit");
      axes().law(p.line(), p.y(), known.laws());
    }
    p.theory()
        .ifPresent(name -> names.word(path + ".theory", name, Names.PREDICTIONS, "prediction"));
    axes().limits(p.limits(), p.scale());
  }

  private AxisChecks axes() {
    return new AxisChecks(names, path, data);
  }

  private void levels(List<String> levels, String y) {
    levels.stream()
        .filter(name -> !Names.isLevel(name))
        .forEach(name -> names.word(path + ".levels", name, KNOWN_LEVELS, "level"));
    if (!levels.isEmpty() && !y.matches("[^.]+\\.(loss|accuracy)")) {
      names
          .out()
          .report(
              names.place(path + ".levels"),
              Code.E140,
              "levels are of a test set's loss or accuracy, not of " + Texts.shorten(y),
              "leave levels out, or write y: test.loss");
      return;
    }
    String set = y.replaceFirst("\\..*", "");
    Optional<RunConfig> without =
        References.kinds(data).stream()
            .filter(config -> !config.measurement().testSets().containsKey(set))
            .findFirst();
    if (!levels.isEmpty() && without.isPresent()) {
      names
          .out()
          .report(
              names.place(path + ".levels"),
              Code.E140,
              "levels are of a test set's loss or accuracy, and there is no test set " + set,
              "known: " + String.join(" ", without.get().measurement().testSets().keySet()));
    }
  }

  private void color(Optional<String> color) {
    color.ifPresent(name -> names.symbol(path + ".color", name, true));
    color.ifPresent(name -> axes().variants("color", name));
  }

  private void trajectories(TheoryPlots.Trajectories p) {
    p.y().forEach(name -> names.metric(path + ".y", name, data));
    if (p.x().equals("time")) {
      axes().clock("data");
    } else {
      names.metric(path + ".x", p.x(), data);
    }
    color(p.color());
    course(p.theory());
    axes().limits(p.limits(), p.scale());
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
}
