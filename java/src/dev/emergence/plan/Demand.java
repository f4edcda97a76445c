package dev.emergence.plan;

import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.RunConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * What one condition asks of a run beyond its identity: how far to train, and what to keep. A run
 * that several conditions share is trained until every demand is met.
 *
 * @param maxSteps last step, when nothing stops it earlier
 * @param maxTime end of a gradient flow
 * @param thresholds by name
 * @param stop when the run may end earlier
 * @param picturesAt when whole attention patterns are kept
 * @param film which patterns of the whole training are kept
 * @param checkpoints when parameters are kept
 */
@API(status = API.Status.MAINTAINED)
public record Demand(
    long maxSteps,
    double maxTime,
    Map<String, MeasurementSpec.Threshold> thresholds,
    MeasurementSpec.Stop stop,
    List<String> picturesAt,
    Optional<MeasurementSpec.Film> film,
    MeasurementSpec.Checkpoints checkpoints) {

  /** The demand of a configuration. */
  public static Demand of(RunConfig config) {
    MeasurementSpec m = config.measurement();
    return new Demand(
        config.training().maxSteps(),
        config.training().maxTime(),
        m.thresholds(),
        m.stop(),
        m.attention().picturesAt(),
        m.attention().film(),
        m.checkpointsAt());
  }
}
