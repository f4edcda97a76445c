package dev.emergence.cli;

import dev.emergence.execute.run.Standing;
import dev.emergence.plan.Cost;
import dev.emergence.plan.PlannedRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How much of some work is done and how long the rest takes, learnt from the runs that have ended
 * and from those that are under way. What was computed before this start counts as neither.
 *
 * <p>The time of a run is taken to be a power of its operations, with an exponent between 0 (every
 * run takes as long as another) and 1 (in proportion); it begins at 1/2 and follows the runs that
 * have ended. The steps that were expected of a run are corrected by how far those were off that
 * have ended. Each run that has not begun also gets what recent ones took beyond that: the mean of
 * very uneven times, and the time between runs, in which they are claimed and their files opened.
 * Not thread-safe.
 */
final class RemainingTime {
  private static final double EXPONENT = 0.5;

  /** Squared spread of logarithms of operations that weighs as much as the exponent assumed. */
  private static final double WEIGHT = 0.05;

  /** Of its way that a run must have gone before its own speed says more than that of others. */
  private static final double TELLING = 0.05;

  /** Runs that have ended last, of which the time beyond what was expected is taken. */
  private static final int RECENT = 200;

  private final Map<String, PlannedRun> open = new LinkedHashMap<>();
  private final Map<String, Way> underWay = new LinkedHashMap<>();

  /** Of the runs to be done, how those stand that an earlier start has begun. */
  private final Map<String, Standing> begun = new HashMap<>();

  /** How many of the runs to be done wait, by what is left of them: seeds cost the same. */
  private final Map<Rest, Integer> waiting = new LinkedHashMap<>();

  /** Of each run that has ended, logarithms of operations and of seconds. */
  private final List<double[]> ended = new ArrayList<>();

  /** Their steps over those expected, ascending: of very many runs they are sorted only once. */
  private final List<Double> stepsOverExpected = new ArrayList<>();

  /** Of each run that has ended, {@link #idle} when it had. */
  private final List<Double> idleAtEnd = new ArrayList<>();

  private double spent;
  private int atOnce = 1;

  /** Seconds that places for runs were free, of each place, while runs waited. */
  private double idle;

  /** When a run last began or ended here. */
  private double changed = Double.NaN;

  /** What is left of a run: all, or from a step to an end, which is infinite when not known. */
  private record Rest(Cost cost, double from, double end) {}

  /** A run under way, by the clock and by its steps. */
  private static final class Way {
    final double began;
    final double from;
    double at;
    double target = Double.NaN;

    Way(double began, double from) {
      this.began = began;
      this.from = from;
      this.at = from;
    }
  }

  /** These runs are to be done. */
  void open(List<PlannedRun> runs) {
    for (PlannedRun run : runs) {
      if (open.put(run.id(), run) == null) {
        waiting.merge(rest(run), 1, Integer::sum);
      }
    }
  }

  /** Some of the runs to be done stand so, of an earlier start. */
  void begun(List<Standing> runs) {
    for (Standing one : runs) {
      if (open.containsKey(one.run().id()) && !underWay.containsKey(one.run().id())) {
        waiting.merge(rest(one.run()), -1, Integer::sum);
        begun.put(one.run().id(), one);
        waiting.merge(rest(one.run()), 1, Integer::sum);
      }
    }
  }

  private Rest rest(PlannedRun run) {
    Standing stands = begun.get(run.id());
    return stands == null
        ? new Rest(run.cost(), 0, Double.POSITIVE_INFINITY)
        : new Rest(run.cost(), stands.step(), stands.end());
  }

  /**
   * Work on a run begins at a step.
   *
   * @param now seconds by a monotonic clock, here and below
   */
  void started(PlannedRun run, double step, double now) {
    countIdle(now);
    begin(run, new Way(now, step));
    atOnce = Math.max(atOnce, underWay.size());
  }

  private void countIdle(double now) {
    if (now > changed && waiting.values().stream().anyMatch(count -> count > 0)) {
      idle += (atOnce - underWay.size()) * (now - changed);
    }
    changed = now;
  }

  private void begin(PlannedRun run, Way way) {
    if (underWay.put(run.id(), way) == null && open.containsKey(run.id())) {
      waiting.merge(rest(run), -1, Integer::sum);
    }
  }

  /** A run stands at a step, on its way to another as far as is known. */
  void at(PlannedRun run, double step, double target, double now) {
    if (!underWay.containsKey(run.id())) {
      begin(run, new Way(now, step));
    }
    Way way = underWay.get(run.id());
    way.at = step;
    way.target = target;
  }

  /**
   * A run has ended.
   *
   * @return whether it is one of those to be done, and ended for the first time
   */
  boolean ended(PlannedRun run, double step, double now) {
    if (underWay.containsKey(run.id())) {
      countIdle(now);
    } else {
      changed = now; // another process did it: what passed was no time between runs of this one
    }
    Way way = underWay.remove(run.id());
    if (open.remove(run.id()) == null) {
      return false;
    }
    if (way == null) {
      waiting.merge(rest(run), -1, Integer::sum);
    }
    if (way != null && now > way.began) {
      boolean flow = run.cost().stepFlops() <= 0 || run.cost().worstSteps() <= 1;
      double steps = flow ? 1 : Math.max(1, step - way.from);
      double off = flow ? 1 : Math.max(1, step) / Math.max(1, run.cost().expectedSteps());
      ended.add(point(steps * perStep(run.cost()), now - way.began));
      int place = Collections.binarySearch(stepsOverExpected, off);
      stepsOverExpected.add(place < 0 ? -place - 1 : place, off);
      idleAtEnd.add(idle);
      spent += now - way.began;
    }
    return true;
  }

  /** Seconds until all is done; empty while nothing is known. */
  OptionalDouble seconds(double now) {
    if (ended.isEmpty() && underWay.values().stream().noneMatch(w -> w.at > w.from)) {
      return OptionalDouble.empty();
    }
    double[] line = line(now);
    double left = left(line, now);
    double working = Math.max(1, Math.min(atOnce, open.size()));
    return OptionalDouble.of(Math.max(0, left / working));
  }

  /** Share of the work of this start that is done, from 0 to 1. */
  double share(double now) {
    double[] line = line(now);
    double left = left(line, now);
    double done = spent + idle + underWay.values().stream().mapToDouble(w -> now - w.began).sum();
    return done <= 0 ? 0 : done / (done + left);
  }

  /** Seconds of all runs to be done, one after the other. */
  private double left(double[] line, double now) {
    double left = 0;
    Beyond beyond = beyond(line);
    for (Map.Entry<Rest, Integer> alike : waiting.entrySet()) {
      Rest rest = alike.getKey();
      double end = end(rest.cost(), rest.from(), rest.end());
      double each = seconds(line, Math.max(1, end - rest.from()) * perStep(rest.cost()));
      left += alike.getValue() * (each + beyond.of(each));
    }
    for (Map.Entry<String, Way> one : underWay.entrySet()) {
      PlannedRun run = open.get(one.getKey());
      left += run == null ? 0 : left(run.cost(), one.getValue(), line, now);
    }
    return left;
  }

  /**
   * What runs take beyond the time expected of each. A dear run gets no more than cheap ones had,
   * because it is claimed and stored in the same time; a cheap one no more in proportion.
   */
  private record Beyond(double expected, double beyond) {
    double of(double seconds) {
      return beyond <= 0 ? 0 : beyond * Math.min(1, seconds / expected);
    }
  }

  /** The mean of recent runs. The first are left out, in which the machine's code is compiled. */
  private Beyond beyond(double[] line) {
    int from = Math.max(ended.size() / 2, ended.size() - RECENT);
    List<double[]> recent = ended.subList(from, ended.size());
    if (from == 0) {
      return new Beyond(1, 0);
    }
    double expected = 0;
    double taken = idleAtEnd.get(ended.size() - 1) - idleAtEnd.get(from - 1);
    for (double[] one : recent) {
      expected += Math.exp(line[0] + line[1] * one[0]);
      taken += Math.exp(one[1]);
    }
    return new Beyond(expected / recent.size(), (taken - expected) / recent.size());
  }

  private double left(Cost run, Way way, double[] line, double now) {
    double steps = Math.max(0, end(run, way.at, way.target) - way.at);
    boolean telling =
        now > way.began
            && way.at > way.from
            && way.at - way.from >= TELLING * (steps + way.at - way.from);
    return telling
        ? (now - way.began) / (way.at - way.from) * steps
        : seconds(line, Math.max(1, steps) * perStep(run));
  }

  /** The step at which a run that stands at one is expected to end. */
  private double end(Cost run, double at, double target) {
    int count = stepsOverExpected.size();
    double off = count == 0 ? 1 : stepsOverExpected.get(count / 2);
    return run.expectedEnd(at, target, off * run.expectedSteps());
  }

  private static double perStep(Cost run) {
    return run.expected() / Math.max(1, run.expectedSteps());
  }

  private static double seconds(double[] line, double operations) {
    return Math.exp(line[0] + line[1] * Math.log(Math.max(1, operations)));
  }

  /** Intercept and slope of the logarithms of seconds over those of operations. */
  private double[] line(double now) {
    List<double[]> points = ended.isEmpty() ? new ArrayList<>() : ended;
    if (points.isEmpty()) {
      underWay.forEach(
          (id, w) -> {
            if (w.at > w.from && now > w.began && open.containsKey(id)) {
              points.add(point((w.at - w.from) * perStep(open.get(id).cost()), now - w.began));
            }
          });
    }
    if (points.isEmpty()) {
      return new double[] {0, EXPONENT};
    }
    double x = points.stream().mapToDouble(p -> p[0]).average().orElseThrow();
    double y = points.stream().mapToDouble(p -> p[1]).average().orElseThrow();
    double xx = WEIGHT;
    double xy = WEIGHT * EXPONENT;
    for (double[] p : points) {
      xx += (p[0] - x) * (p[0] - x);
      xy += (p[0] - x) * (p[1] - y);
    }
    double slope = Math.max(0, Math.min(1, xy / xx));
    return new double[] {y - slope * x, slope};
  }

  private static double[] point(double operations, double seconds) {
    return new double[] {Math.log(Math.max(1, operations)), Math.log(Math.max(1e-6, seconds))};
  }
}
