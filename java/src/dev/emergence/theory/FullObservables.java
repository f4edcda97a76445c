package dev.emergence.theory;

import java.util.Map;

/**
 * What is read off a state of the full flow, under the names of {@link ReducedObservables}: losses,
 * {@code w} and {@code w_tilde} (the projections of W on W*), {@code alpha} and {@code delta_a}
 * (means over relevant positions).
 */
final class FullObservables {
  private FullObservables() {}

  /**
   * @param trained what the data are drawn with now
   * @param tests what each test set is drawn with
   * @param split whether w and w̃ are those of Eq. 17, else w is that of Eq. 12 and w̃ = w/√d
   */
  static Observables of(FullFlow flow, Setting trained, boolean split, Map<String, Setting> tests) {
    Observables all = new Observables();
    tests.forEach((name, test) -> all.with(name + ".loss", state -> flow.loss(state, test)));
    all.with("train.loss", flow::loss);
    all.withCoordinate(
        "w", state -> split ? flow.splitProjection(state)[1] : flow.projection(state));
    all.withCoordinate(
        "w_tilde",
        state ->
            split
                ? flow.splitProjection(state)[0]
                : flow.projection(state) / Math.sqrt(trained.dim()));
    all.with("alpha", state -> flow.relevantAttention(state) / trained.inContext());
    all.with("attention.relevant", flow::relevantAttention);
    all.withCoordinate("delta_a", flow::deltaA);
    return all;
  }
}
