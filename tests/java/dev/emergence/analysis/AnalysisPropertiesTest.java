package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.fit.Estimate;
import dev.emergence.fit.FitResult;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Run;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RunConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds of any table of times, with runs that never emerge, diverge or are missing. */
class AnalysisPropertiesTest {
  private static final int SEEDS = 4;

  /**
   * Times of all runs: a function of the run alone, so that files with other conditions or another
   * order have the same.
   *
   * @param number of the table
   * @param factor by which all times are longer
   */
  private record Table(int number, int factor) {
    Analysis of(String yaml) {
      String base =
          Fabricated.BASE
              .replaceFirst("seeds: .*\n", "seeds: {count: " + SEEDS + "}\n")
              .replace("max_steps: 5000", "max_steps: " + 2000 * factor);
      Plan plan = Fabricated.planOf(base + yaml);
      Map<String, StoredRun> runs = new LinkedHashMap<>();
      for (Assignment a : plan.assignments()) {
        RunConfig config = plan.byId().get(a.run()).run().config();
        stored(new Run(a.run(), config, a.seed())).forEach(run -> runs.put(a.run(), run));
      }
      return Analysis.of(plan, runs);
    }

    private Stream<StoredRun> stored(Run run) {
      double d = Fabricated.d(run.config());
      double length = Fabricated.length(run.config());
      Random random = new Random(List.of(number, d, length, run.seed()).hashCode() * 0x9E3779B97L);
      double exact = 40 * Math.sqrt(d * length / 64) * Math.exp(0.4 * random.nextGaussian());
      double time = factor * Fabricated.EVERY * Math.ceil(exact / Fabricated.EVERY);
      // Some tables are whole, of others a third is not.
      double trouble = random.nextDouble() * 3 / (number % 3);
      if (trouble < 0.1) {
        return Stream.empty();
      }
      boolean diverged = trouble < 0.3;
      double crossing = trouble < 1 ? Double.POSITIVE_INFINITY : time;
      return Stream.of(
          Fabricated.stored(
              run, crossing, diverged ? Outcome.State.DIVERGED : Outcome.State.COMPLETE));
    }
  }

  private static String file(String sweep, String where) {
    String data = "data: main, where: {" + where + "}";
    String fit = data + ", formula: \"T_plateau = C * d^alpha\"";
    return """
        sweeps: {main: {grid: {%1$s}}}
        fits:
          tobit: {%3$s}
          means: {%3$s, points: mean, interval: {by: point}}
          medians: {%3$s, points: median, unreached: exclude}
          brackets: {%3$s, method: interval}
        claims:
          best: {kind: ratio, %2$s, of: plateau.steps, baseline: {d: 16}, at_least: 1.5}
          each: {kind: ratio, %2$s, of: plateau.steps, baseline: {d: 16}, ratio: each, at_most: 2}
          range: {kind: seed_range, %2$s, of: plateau.steps, at_most: 3}
          within: {kind: within_run, %2$s, of: plateau.steps, baseline: test.loss, at_least: 1, runs: 60%%}
        """
        .formatted(sweep, data, fit);
  }

  /** Numbers by name; what is not known is NaN. */
  private static Map<String, Double> laws(Analysis analysis) {
    Map<String, Double> out = new TreeMap<>();
    analysis
        .fits()
        .forEach(
            (name, fit) -> {
              out.put(name + " points", (double) fit.result().points());
              out.put(name + " unreached", (double) fit.result().unreached());
              out.put(name + " diverged", (double) fit.count(State.DIVERGED));
              out.put(name + " missing", (double) fit.count(State.MISSING));
              if (fit.result() instanceof FitResult.Fitted fitted) {
                out.put(name + " r2", fitted.r2());
                fitted.parameters().forEach((p, e) -> put(out, name + " " + p, e));
              }
            });
    return out;
  }

  private static void put(Map<String, Double> to, String name, Estimate estimate) {
    to.put(name, estimate.value());
    to.put(name + " lower", estimate.lower());
    to.put(name + " upper", estimate.upper());
  }

  private static Map<String, Object> verdicts(Analysis analysis) {
    Map<String, Object> out = new TreeMap<>();
    analysis.claims().forEach((name, claim) -> out.put(name, claim.verdict()));
    return out;
  }

  private static Map<String, Double> ratios(Analysis analysis) {
    Map<String, Double> out = new TreeMap<>();
    for (ClaimReport.Ratio r : analysis.claims().get("best").ratios()) {
      String at = new TreeMap<>(r.values()).toString();
      out.put(at + " lower", r.ratio().lower());
      out.put(at + " upper", r.ratio().upper());
      out.put(at + " interval", r.interval(0.95).upper());
    }
    return out;
  }

  private static Map<String, Double> middles(Analysis analysis) {
    Map<String, Double> out = new TreeMap<>();
    for (Cell cell : analysis.cells("main")) {
      for (PlotSpec.Middle middle : PlotSpec.Middle.values()) {
        Center center =
            Center.of(cell, "plateau.steps", middle, PlotSpec.ErrorBar.QUARTILES, false);
        String at = new TreeMap<>(cell.condition().values()) + " " + middle;
        out.put(at + " " + center.kind(), center.value());
        out.put(at + " lower", center.lower());
      }
    }
    return out;
  }

  /** Of all numbers that are expected; there may be more. */
  private static void requireClose(Map<String, Double> found, Map<String, Double> expected) {
    assertThat(found.keySet()).containsAll(expected.keySet());
    List<String> different = new ArrayList<>();
    expected.forEach(
        (name, value) -> {
          double other = found.get(name);
          boolean same = Double.compare(value, other) == 0;
          if (!same && !(Math.abs(value - other) <= 1e-5 * (1 + Math.abs(value)))) {
            different.add(name + ": " + other + " instead of " + value);
          }
        });
    assertThat(different).isEmpty();
  }

  @Property(tries = 15)
  void the_order_of_axes_and_values_does_not_matter(@ForAll @IntRange(max = 100_000) int number) {
    Table table = new Table(number, 1);
    String one = "task.dim: [8, 16, 32], task.sequence_length: [32, 64]";
    String other = "task.sequence_length: [64, 32], task.dim: [32, 8, 16]";
    Analysis a = table.of(file(one, ""));
    Analysis b = table.of(file(other, ""));
    requireClose(laws(b), laws(a));
    requireClose(ratios(b), ratios(a));
    requireClose(middles(b), middles(a));
    assertThat(verdicts(b)).isEqualTo(verdicts(a));
  }

  @Property(tries = 15)
  void times_that_are_all_longer_by_a_factor_move_the_factor_alone(
      @ForAll @IntRange(max = 100_000) int number, @ForAll @IntRange(min = 2, max = 5) int factor) {
    String yaml =
        file("task.dim: [8, 16, 32], task.sequence_length: [64]", "")
            .replaceFirst(" *brackets: .*\n", "");
    Analysis short1 = new Table(number, 1).of(yaml);
    Analysis long1 = new Table(number, factor).of(yaml);
    Map<String, Double> expected = laws(short1);
    expected.replaceAll((name, value) -> name.contains(" C") ? value * factor : value);
    requireClose(laws(long1), expected);
    requireClose(ratios(long1), ratios(short1));
    Map<String, Double> longer = middles(short1);
    longer.replaceAll((name, value) -> value * factor);
    requireClose(middles(long1), longer);
  }

  @Property(tries = 15)
  void a_where_gives_what_a_file_with_only_these_conditions_gives(
      @ForAll @IntRange(max = 100_000) int number) {
    Table table = new Table(number, 1);
    Analysis some =
        table.of(file("task.dim: [8, 16, 32], task.sequence_length: [32, 64, 128]", "T: 64"));
    Analysis alone = table.of(file("task.dim: [8, 16, 32], task.sequence_length: [64]", ""));
    requireClose(laws(some), laws(alone));
    requireClose(ratios(some), ratios(alone));
    assertThat(verdicts(some)).isEqualTo(verdicts(alone));
    requireClose(middles(some), middles(alone));
  }

  @Property(tries = 15)
  void a_further_condition_moves_no_number_of_the_others(
      @ForAll @IntRange(max = 100_000) int number) {
    Table table = new Table(number, 1);
    Analysis few = table.of(file("task.dim: [8, 16, 32], task.sequence_length: [64]", ""));
    Analysis more = table.of(file("task.dim: [8, 16, 32, 64], task.sequence_length: [64]", ""));
    requireClose(ratios(more), ratios(few));
    requireClose(middles(more), middles(few));
  }
}
