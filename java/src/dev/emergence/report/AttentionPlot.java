package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.measure.Moments;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.RichText;
import dev.emergence.result.Picture;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.expr.Paths;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Attention patterns of one run at one time: finds them, {@link AttentionGrid} draws them. */
final class AttentionPlot {
  private final PlotSpec.Attention plot;
  private final PlotContext context;
  private final boolean apart;

  /**
   * @param apart whether its panels may stand in other rows than one for each layer, so that each
   *     must name its layer and its head
   */
  AttentionPlot(PlotSpec.Attention plot, PlotContext context, boolean apart) {
    this.plot = plot;
    this.context = context;
    this.apart = apart;
  }

  Figure figure() {
    for (Cell cell : context.cells(plot)) {
      Optional<Observation> run =
          cell.seeds().stream().filter(o -> o.stored().isPresent()).findFirst();
      if (run.isPresent()) {
        return figure(cell, run.get());
      }
    }
    return Plots.note("No run that this plot asks for has been done.");
  }

  private Figure figure(Cell cell, Observation run) {
    // A truth is of no step; others count up to the end of the condition alone.
    List<Picture> stored =
        context.pictures().of(run.assignment().run()).stream()
            .filter(p -> p.isTruth() || p.step() <= run.end())
            .toList();
    List<Picture> wanted = stored.stream().filter(p -> wanted(p, run)).toList();
    if (wanted.isEmpty()) {
      Set<String> labels =
          context.pictures().of(run.assignment().run()).stream()
              .filter(p -> !p.label().startsWith("film") && !p.isTruth())
              .map(p -> "'" + p.label() + "' (step " + p.step() + beyond(p, run) + ")")
              .collect(Collectors.toCollection(LinkedHashSet::new));
      String there =
          labels.isEmpty()
              ? "none; measurement.attention.pictures_at asks for them"
              : String.join(", ", labels);
      return Plots.note(
          "Run "
              + run.assignment().run()
              + " has no attention pictures '"
              + plot.at()
              + "' of these layers and heads"
              + crossing(run).map(step -> " at its crossing, step " + step).orElse("")
              + "; stored: "
              + there
              + ".");
    }
    long last = wanted.stream().mapToLong(Picture::step).max().orElse(0);
    RunConfig config = cell.condition().config();
    List<Picture> shown = wanted.stream().filter(p -> p.step() == last).toList();
    double[][] truth =
        stored.stream()
            .filter(Picture::isTruth)
            .findFirst()
            .map(Picture::probabilities)
            .orElseGet(() -> lastToken(config, shown.get(0)));
    return new AttentionGrid(plot, context, shown, truth, isCausal(config))
        .figure(title(cell, run, last), apart);
  }

  /** Files may have asked for more when the run was trained, and other conditions may do so. */
  private static String beyond(Picture picture, Observation run) {
    return picture.step() > run.end()
        ? ", beyond the end of this condition, " + Numeral.of(run.end())
        : "";
  }

  /**
   * The step that a threshold's name stands for, by the condition's own level: other conditions may
   * share the run, and files may have had another level when it was trained.
   */
  private Optional<Long> crossing(Observation run) {
    Optional<Threshold> level = Optional.ofNullable(run.thresholds().get(plot.at()));
    OptionalLong step =
        level.map(l -> Moments.confirmed(run.curve(), l)).orElse(OptionalLong.empty());
    return step.isPresent() ? Optional.of(step.getAsLong()) : Optional.empty();
  }

  private boolean wanted(Picture p, Observation run) {
    boolean named = p.label().equals(plot.at());
    boolean time =
        run.thresholds().containsKey(plot.at())
            ? named && crossing(run).filter(step -> step == p.step()).isPresent()
            : named || String.valueOf(p.step()).equals(plot.at());
    return time && chosen(plot.layers(), p.layer()) && chosen(plot.heads(), p.head());
  }

  /** {@code all}, or numbers from 1 set apart by commas or blanks. */
  private static boolean chosen(String which, int number) {
    return which.equals("all")
        || List.of(which.strip().replaceAll("[\\[\\]]", "").split("[,\\s]+"))
            .contains(String.valueOf(number));
  }

  private RichText title(Cell cell, Observation run, long step) {
    RichText condition = context.names().condition(cell, Set.of());
    return (condition.isEmpty() ? condition : condition.then(", "))
        .then("seed " + run.seed() + ", step " + step);
  }

  private static boolean isCausal(RunConfig config) {
    return Paths.value(config, "architecture.attention").filter("causal"::equals).isPresent();
  }

  /**
   * The relevant token's place, where it follows from the configuration alone: for pictures of
   * older versions, which have no truth beside them.
   */
  private static double[][] lastToken(RunConfig config, Picture picture) {
    boolean last =
        Paths.value(config, "task.relevant_position").filter("last"::equals).isPresent()
            && config.repetition().inContext() == 1;
    int keys = picture.probabilities().length == 0 ? 0 : picture.probabilities()[0].length;
    return last && keys > 0 ? new double[][] {{keys - 1.0, keys - 1.0}} : new double[0][];
  }
}
