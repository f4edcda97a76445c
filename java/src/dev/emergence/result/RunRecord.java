package dev.emergence.result;

import dev.emergence.plan.Run;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is stored of a run when it ends.
 *
 * @param checkpoint what continues it; empty when there is nothing to continue
 * @param provenance what computed it: see {@link Provenance}
 */
public record RunRecord(
    Run run,
    Outcome outcome,
    Curve curve,
    Optional<Safetensors> checkpoint,
    List<Picture> pictures,
    Map<String, Object> provenance) {}
