package dev.emergence.theory;

import dev.emergence.spec.RepetitionSpec;
import dev.emergence.spec.RunConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is read off the scores and weights of a toy model that is trained on samples, under the
 * names that the flows use: {@code w} and {@code w_tilde} (projections of W on W*), {@code alpha}
 * and {@code delta_a} (means over relevant positions), {@code attention.relevant}. Immutable.
 */
public final class ToyReadings {
  private static final Map<String, Setting> NO_TEST_SETS = Map.of();

  private final Setting setting;
  private final boolean split;
  private final double[][] target;
  private final double[] special;

  /**
   * @param config a run of the toy model
   * @param target W*, d×d
   * @param special x̃, a unit vector of d
   */
  public ToyReadings(RunConfig config, double[][] target, double[] special) {
    setting = Setting.of(config);
    split = splits(config.repetition());
    this.target = target;
    this.special = special;
  }

  /** Whether w̃ and w are told apart: where the special token ever repeats. */
  static boolean splits(RepetitionSpec repetition) {
    return repetition.crossSample() > 0
        || repetition.changes().stream().anyMatch(change -> change.crossSample().orElse(0.0) > 0);
  }

  /**
   * The readings by name, in a fixed order.
   *
   * @param scores a, those of the relevant positions last
   * @param weights W, d×d
   * @param inContext B, how many of the last positions are relevant
   */
  public Map<String, Double> at(double[] scores, double[][] weights, int inContext) {
    Setting now = setting.with(inContext, setting.crossSample());
    FullFlow flow = new FullFlow(now, target, special);
    double[] state = flow.start(weights);
    System.arraycopy(scores, 0, state, 0, scores.length);
    Observables observables = FullObservables.of(flow, now, split, NO_TEST_SETS);
    Map<String, Double> out = new LinkedHashMap<>();
    for (String name : names()) {
      out.put(name, observables.quantity(name).applyAsDouble(state));
    }
    return out;
  }

  /** The names of the readings, in order. */
  public static List<String> names() {
    return List.of("w", "w_tilde", "alpha", "delta_a", "attention.relevant");
  }
}
