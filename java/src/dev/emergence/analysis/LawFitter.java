package dev.emergence.analysis;

import dev.emergence.fit.Estimate;
import dev.emergence.fit.FitResult;
import dev.emergence.fit.Point;
import dev.emergence.fit.Replicates;
import dev.emergence.measure.Emergence;
import dev.emergence.plan.RunId;
import dev.emergence.spec.Condition;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.expr.Formula;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the points of one {@code fits:} entry, fits its formula, and judges its expectations. */
final class LawFitter {
  private final Analysis analysis;
  private final FitSpec spec;
  private final Formula formula;
  private final List<Cell> cells;

  LawFitter(Analysis analysis, FitSpec spec) {
    this.analysis = analysis;
    this.spec = spec;
    this.formula = Formula.parse(spec.formula(), analysis.symbols()::has);
    this.cells = DistinctCells.of(analysis.cells(spec.data(), spec.where()), this::identity);
  }

  List<Cell> cells() {
    return cells;
  }

  FitReport report() {
    FitResult result = fit();
    List<String> notes =
        result.points() == 0 ? List.of() : new RunNotes(spec, formula.threshold(), timed()).all();
    return new FitReport(
        spec, result, expectations(result), counts(), law(result), published(), notes);
  }

  /** What makes two conditions the same for the law, however far and by what else they are seen. */
  private Object identity(Cell cell) {
    RunConfig config = cell.condition().config();
    return Arrays.asList(
        RunId.of(config, 0),
        config.measurement().thresholds().get(formula.threshold()),
        values(cell.condition()));
  }

  private FitResult fit() {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      return FormulaFit.refused(missing.get(), unreached());
    }
    List<Map<String, Double>> values = cells.stream().map(c -> values(c.condition())).toList();
    return new FormulaFit(formula, spec).of(values, points(), unreached());
  }

  private int unreached() {
    return counts().getOrDefault(State.UNREACHED, 0) + counts().getOrDefault(State.STOPPED, 0);
  }

  /** Why the formula or its threshold has no meaning in some condition. */
  private Optional<String> missing() {
    for (Cell cell : cells) {
      Condition c = cell.condition();
      if (!c.config().measurement().thresholds().containsKey(formula.threshold())) {
        return Optional.of(
            "condition "
                + cell.index()
                + " of sweep "
                + c.sweep()
                + " has no threshold '"
                + formula.threshold()
                + "'");
      }
      Set<String> unknown = new LinkedHashSet<>(formula.symbols());
      unknown.removeAll(values(c).keySet());
      if (!unknown.isEmpty()) {
        return Optional.of(
            "condition "
                + cell.index()
                + " of sweep "
                + c.sweep()
                + " has no number for "
                + String.join(", ", unknown));
      }
    }
    return cells.isEmpty()
        ? Optional.of(
            "no condition of " + String.join(", ", spec.data()) + " is left by where and select")
        : Optional.empty();
  }

  private Map<String, Double> values(Condition condition) {
    return analysis.symbols().numbers(new LinkedHashSet<>(formula.symbols()), condition.config());
  }

  /** The runs that have a time, by the index of their condition. */
  private List<Timed> timed() {
    List<Timed> timed = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      for (Observation o : cells.get(i).seeds()) {
        if (o.value(formula.threshold() + ".steps").isPresent()) {
          timed.add(new Timed(i, o, o.emergence(formula.threshold())));
        }
      }
    }
    return timed;
  }

  /** A run with what is known of its crossing: when it came, or by when it had not. */
  record Timed(int condition, Observation run, Emergence emergence) {}

  private List<Point> points() {
    return timed().stream().map(this::point).toList();
  }

  private Point point(Timed timed) {
    int seed = timed.run().seed();
    if (timed.emergence() instanceof Emergence.Reached r) {
      return spec.times() == FitSpec.Times.INTERPOLATED
          ? new Point(timed.condition(), seed, r.interpolated(), false)
          : new Point(timed.condition(), seed, r.step(), false, r.lower());
    }
    double lastStep = ((Emergence.Unreached) timed.emergence()).lastStep();
    return new Point(timed.condition(), seed, lastStep, true);
  }

  private Map<State, Integer> counts() {
    Map<State, Integer> counts = new EnumMap<>(State.class);
    for (Cell cell : cells) {
      if (cell.condition().config().measurement().thresholds().containsKey(formula.threshold())) {
        cell.seeds().forEach(o -> counts.merge(o.state(formula.threshold()), 1, Integer::sum));
      }
    }
    int rivals = analysis.missingRivals(spec.data(), List.of(spec.where()));
    if (rivals > 0) {
      counts.merge(State.MISSING, rivals, Integer::sum);
    }
    return counts;
  }

  private List<Met> expectations(FitResult result) {
    List<Met> out = new ArrayList<>();
    spec.expect()
        .forEach((name, expectation) -> out.add(new Met(name, expectation, number(result, name))));
    return out;
  }

  private static double number(FitResult result, String name) {
    if (!(result instanceof FitResult.Fitted fitted)) {
      return Double.NaN;
    }
    Estimate estimate = fitted.parameters().get(name);
    return estimate != null ? estimate.value() : name.equals("r2") ? fitted.r2() : Double.NaN;
  }

  private Optional<Law> law(FitResult result) {
    if (!(result instanceof FitResult.Fitted fitted)) {
      return Optional.empty();
    }
    Map<String, Double> numbers = new HashMap<>();
    fitted.parameters().forEach((name, estimate) -> numbers.put(name, estimate.value()));
    return Optional.of(new Law(formula, analysis.symbols(), numbers, fitted.replicates()));
  }

  /** The published law, where every parameter was published. */
  private Optional<Law> published() {
    boolean whole =
        !formula.parameters().isEmpty()
            && spec.published().keySet().containsAll(formula.parameters());
    return whole
        ? Optional.of(
            new Law(
                formula,
                analysis.symbols(),
                spec.published(),
                new Replicates(List.of(), Double.NaN)))
        : Optional.empty();
  }
}
