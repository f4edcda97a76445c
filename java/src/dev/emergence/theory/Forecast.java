package dev.emergence.theory;

import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.ToySpec;
import dev.emergence.spec.ToySpec.Dynamics;
import dev.emergence.spec.TransformerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How long a run is expected to stay on its plateau, known before it is run: a step budget.
 *
 * <p>For the toy model the theory says it. For a Transformer the paper's measured power laws do;
 * they hold for the paper's optimiser settings, and each departure is listed.
 *
 * @param plateau expected length, in {@code unit}
 * @param unit {@code time} for a gradient flow, else {@code steps}
 * @param law the formula it comes from, with its source
 * @param caveats where the run departs from what the law was made for; empty when nowhere
 * @param outside whether it lies outside what the law was measured on, so that the number is a
 *     rough guess on which no warning rests
 */
public record Forecast(
    double plateau, String unit, String law, List<String> caveats, boolean outside) {
  /**
   * The loss that ends the plateau over the initial loss, where a run names no threshold on a loss:
   * App. D.1.
   */
  public static final double DEFAULT_SHARE = 0.2;

  private static final String TIME = "time";

  /** Loss of the linear regression before anything is learned, for unit columns of W* and any p. */
  private static final double INITIAL_LOSS = 0.5;

  public Forecast {
    caveats = List.copyOf(caveats);
  }

  /** One within what its law was made for. */
  public Forecast(double plateau, String unit, String law, List<String> caveats) {
    this(plateau, unit, law, caveats, false);
  }

  /** What is expected of a run; empty where neither theory nor the paper says anything. */
  public static Optional<Forecast> of(RunConfig config) {
    if (config.architecture() instanceof ToySpec toy) {
      return Optional.of(toy(config, toy));
    }
    if (config.architecture() instanceof TransformerSpec transformer) {
      return PaperLaw.forecast(config, transformer);
    }
    return Optional.empty();
  }

  /**
   * A limit that leaves room for what a forecast is not sure of, rounded up to two digits, and to
   * whole steps: one and a half times the plateau where it comes from theory alone, else twice, as
   * seeds and noise spread.
   */
  public double suggestedLimit() {
    double wanted = plateau * (unit.equals(TIME) ? 1.5 : 2);
    double digit = Math.max(1, Math.pow(10, Math.floor(Math.log10(wanted)) - 1));
    return Math.ceil(wanted / digit - 1e-9) * digit;
  }

  /**
   * The longest that this run may take: its {@code max_time} for a flow, else its {@code
   * max_steps}.
   */
  public static double budget(RunConfig config) {
    return config.training().optimizer().inTime()
        ? config.training().maxTime()
        : config.training().maxSteps();
  }

  /**
   * Whether the run's own limit ends it before its plateau is expected to; never outside of the
   * law.
   */
  public boolean exceeds(RunConfig config) {
    return !outside && plateau > budget(config);
  }

  private static Forecast toy(RunConfig config, ToySpec toy) {
    double time = Prediction.PLATEAU.time(config, share(config.measurement()));
    List<String> caveats = new ArrayList<>();
    if (!config.repetition().changes().isEmpty()) {
      caveats.add("repetition changes during the run; the forecast is for its first values");
    }
    if (toy.dynamics() == Dynamics.SGD) {
      caveats.add(
          "sampling noise and random starting weights delay the transition of stochastic runs");
    }
    String law =
        "sqrt(pi/2)/lambda with finite-d and post-transition terms (theory, "
            + ReducedFlow.scores(config).name().toLowerCase(Locale.ROOT)
            + " scores)";
    if (config.training().optimizer() instanceof OptimizerSpec.Sgd) {
      return new Forecast(time / TheoryCurves.timeOfStep(config), "steps", law, caveats);
    }
    return new Forecast(time, TIME, law, caveats);
  }

  /**
   * The loss that ends the plateau over the initial one: of the first stopping threshold on a loss,
   * else of the first threshold on one.
   */
  public static double share(MeasurementSpec measurement) {
    Stream<Threshold> stops =
        measurement.stop().thresholds().stream().map(measurement.thresholds()::get);
    return Stream.concat(stops, measurement.thresholds().values().stream())
        .filter(Forecast::onLoss)
        .findFirst()
        .flatMap(Forecast::share)
        .orElse(DEFAULT_SHARE);
  }

  /**
   * The loss at a threshold over the initial one; empty unless a loss falls there from its start.
   */
  public static Optional<Double> share(Threshold threshold) {
    return Optional.of(threshold)
        .filter(Forecast::onLoss)
        .map(t -> t.below().get() / (t.relativeTo() == Relative.INITIAL ? 1 : INITIAL_LOSS))
        .filter(share -> share > 0 && share < 1);
  }

  private static boolean onLoss(Threshold threshold) {
    boolean falls = threshold.below().isPresent() && threshold.from().isEmpty();
    return threshold.metric().endsWith(".loss") && falls;
  }
}
