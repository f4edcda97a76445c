package dev.emergence.result;

import dev.emergence.plan.Run;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is stored of a run when it ends.
 *
 * @param checkpoint what continues it; empty when there is nothing to continue
 * @param weights steps whose parameters, saved while it was trained, are kept
 * @param provenance what computed it: see {@link Provenance}
 */
public record RunRecord(
    Run run,
    Outcome outcome,
    Curve curve,
    Optional<Safetensors> checkpoint,
    List<Picture> pictures,
    List<Long> weights,
    Map<String, Object> provenance) {

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
