package dev.emergence.result;

import dev.emergence.plan.Demand;
import dev.emergence.plan.Run;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is stored of a run when it ends.
 *
 * @param demands what the conditions that share it asked for, where what is stored depends on that
 *     beyond what the configuration says
 * @param checkpoint what continues it; empty when there is nothing to continue
 * @param weights steps whose parameters, saved while it was trained, are kept
 * @param provenance what computed it: see {@link Provenance}
 */
public record RunRecord(
    Run run,
    List<Demand> demands,
    Outcome outcome,
    Curve curve,
    Optional<Safetensors> checkpoint,
    List<Picture> pictures,
    List<Long> weights,
    Map<String, Object> provenance) {

  /** A run of which what is stored depends on its configuration alone. */
  public RunRecord(
      Run run,
      Outcome outcome,
      Curve curve,
      Optional<Safetensors> checkpoint,
      List<Picture> pictures,
      List<Long> weights,
      Map<String, Object> provenance) {
    this(run, List.of(), outcome, curve, checkpoint, pictures, weights, provenance);
  }

  /** A run of which no parameters are kept. */
  public RunRecord(
      Run run,
      Outcome outcome,
      Curve curve,
      Optional<Safetensors> checkpoint,
      List<Picture> pictures,
      Map<String, Object> provenance) {
    this(run, outcome, curve, checkpoint, pictures, List.of(), provenance);
  }
}
