package dev.emergence.analysis;

import dev.emergence.fit.Estimate;
import dev.emergence.fit.FitResult;
import dev.emergence.measure.Emergence;
import dev.emergence.plan.CanonicalJson;
import dev.emergence.spec.SweepSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Two results beside each other: conditions of the same sweep with the same swept values that are
 * counted alike, in steps or in the time of a flow, their seeds paired; laws of the same name.
 */
public final class Comparison {
  /**
   * One condition's crossing of one threshold in both.
   *
   * @param ratio geometric mean over paired seeds of the second's time over the first's; NaN when
   *     no seed emerged in both
   * @param pairs seeds that emerged in both; those that had at step 0 in both are alike, ratio 1
   * @param onlyOne seeds that emerged in one of the two alone, or at step 0 in one alone
   * @param neither seeds that emerged in neither
   * @param absent seeds that are stored in one of the two alone, or in none
   * @param unknown seeds that in one of the two failed before they emerged, or have no number of
   *     the threshold's metric
   * @param farthest largest difference of a pair, as a share of the first's time; 0 without pairs
   */
  public record Times(
      String sweep,
      String condition,
      String threshold,
      double ratio,
      int pairs,
      int onlyOne,
      int neither,
      int absent,
      int unknown,
      double farthest) {
    /**
     * Whether the times agree: each pair's within a share of the first's, the same seeds emerged,
     * and all are stored and neither failed before that was known nor went unmeasured.
     */
    public boolean within(double share) {
      return onlyOne == 0 && absent == 0 && unknown == 0 && farthest <= share;
    }
  }

  /** A law's parameter in both; empty where there is none. */
  public record Parameter(
      String law, String name, Optional<Estimate> first, Optional<Estimate> second) {
    /** Whether both have it and the second lies within a share of the first. */
    public boolean within(double share) {
      return first.isPresent()
          && second.isPresent()
          && Math.abs(second.get().value() - first.get().value())
              <= share * Math.abs(first.get().value());
    }
  }

  private final Analysis first;
  private final Analysis second;

  public Comparison(Analysis first, Analysis second) {
    this.first = first;
    this.second = second;
  }

  /** Every condition and threshold that both have. */
  public List<Times> times() {
    List<Times> out = new ArrayList<>();
    for (SweepSpec sweep : first.experiment().sweeps().values()) {
      if (!second.experiment().sweeps().containsKey(sweep.name())) {
        continue;
      }
      Map<String, Cell> others = new LinkedHashMap<>();
      second.cells(sweep.name()).forEach(cell -> others.put(key(cell), cell));
      for (Cell cell : first.cells(sweep.name())) {
        Cell other = others.get(key(cell));
        if (other != null) {
          thresholds(cell, other).forEach(t -> out.add(times(sweep.name(), cell, other, t)));
        }
      }
    }
    return out;
  }

  /** Conditions of the first that the second has not, by sweep and values. */
  public List<String> inFirstAlone() {
    return alone(first, second);
  }

  /** Conditions of the second that the first has not. */
  public List<String> inSecondAlone() {
    return alone(second, first);
  }

  private static List<String> alone(Analysis one, Analysis other) {
    List<String> out = new ArrayList<>();
    for (SweepSpec sweep : one.experiment().sweeps().values()) {
      Set<String> known = new LinkedHashSet<>();
      if (other.experiment().sweeps().containsKey(sweep.name())) {
        other.cells(sweep.name()).forEach(cell -> known.add(key(cell)));
      }
      one.cells(sweep.name()).stream()
          .filter(cell -> !known.contains(key(cell)))
          .forEach(cell -> out.add((sweep.name() + " " + name(cell)).strip()));
    }
    return out;
  }

  private static String name(Cell cell) {
    return (cell.condition().variant() + " " + Csv.setting(cell.condition().values())).strip();
  }

  /** The time of a flow is no number of steps: a flow is no partner of a descent. */
  private static String key(Cell cell) {
    boolean flow = cell.condition().config().training().optimizer().inTime();
    return (flow ? "flow " : "")
        + cell.condition().variant()
        + " "
        + CanonicalJson.of(cell.condition().values());
  }

  private static Set<String> thresholds(Cell a, Cell b) {
    Set<String> out =
        new LinkedHashSet<>(a.condition().config().measurement().thresholds().keySet());
    out.retainAll(b.condition().config().measurement().thresholds().keySet());
    return out;
  }

  private static Times times(String sweep, Cell a, Cell b, String threshold) {
    double logs = 0;
    int pairs = 0;
    int onlyOne = 0;
    int neither = 0;
    int absent = (int) b.seeds().stream().filter(y -> paired(y, a).isEmpty()).count();
    int unknown = 0;
    double farthest = 0;
    for (Observation x : a.seeds()) {
      Optional<Observation> y = paired(x, b);
      if (y.isEmpty() || x.stored().isEmpty() || y.get().stored().isEmpty()) {
        absent++;
        continue;
      }
      // Whether it would have emerged is not known.
      if (isUnknown(x.state(threshold)) || isUnknown(y.get().state(threshold))) {
        unknown++;
        continue;
      }
      Optional<Double> before = crossing(x, threshold);
      Optional<Double> after = crossing(y.get(), threshold);
      boolean both = before.isPresent() && after.isPresent();
      boolean atStart = both && (before.get() == 0 || after.get() == 0);
      if (both && (!atStart || before.get().equals(after.get()))) {
        double ratio = atStart ? 1 : after.get() / before.get();
        logs += Math.log(ratio);
        farthest = Math.max(farthest, Math.abs(ratio - 1));
        pairs++;
      } else if (both || before.isPresent() != after.isPresent()) {
        onlyOne++;
      } else {
        neither++;
      }
    }
    String condition = name(a);
    double ratio = pairs == 0 ? Double.NaN : Math.exp(logs / pairs);
    return new Times(
        sweep, condition, threshold, ratio, pairs, onlyOne, neither, absent, unknown, farthest);
  }

  private static boolean isUnknown(State state) {
    return state == State.FAILED || state == State.UNMEASURED;
  }

  private static Optional<Observation> paired(Observation run, Cell cell) {
    return cell.seeds().stream().filter(o -> o.seed() == run.seed()).findFirst();
  }

  private static Optional<Double> crossing(Observation o, String threshold) {
    return o.emergence(threshold) instanceof Emergence.Reached r
        ? Optional.of(r.step())
        : Optional.empty();
  }

  /** Parameters of the laws that both files have. */
  public List<Parameter> parameters() {
    List<Parameter> out = new ArrayList<>();
    first
        .fits()
        .forEach(
            (law, fit) -> {
              FitReport other = second.fits().get(law);
              if (other != null) {
                Set<String> names = new LinkedHashSet<>(estimates(fit).keySet());
                names.addAll(estimates(other).keySet());
                names.forEach(
                    name ->
                        out.add(
                            new Parameter(
                                law,
                                name,
                                Optional.ofNullable(estimates(fit).get(name)),
                                Optional.ofNullable(estimates(other).get(name)))));
              }
            });
    return out;
  }

  private static Map<String, Estimate> estimates(FitReport fit) {
    return fit.result() instanceof FitResult.Fitted fitted ? fitted.parameters() : Map.of();
  }
}
