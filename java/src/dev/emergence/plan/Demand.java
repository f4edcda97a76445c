package dev.emergence.plan;

import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.RunConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * What one condition asks of a run, besides what decides the result: how far to train, and what to
 * keep. A run that several conditions share is trained until it meets all demands.
 *
 * @param maxSteps last step, unless something stops the run earlier
 * @param maxTime end of a gradient flow, in its own time
 * @param thresholds thresholds by name
 * @param stop when the run may end earlier
 * @param picturesAt moments at which whole attention patterns are stored
 * @param film which attention patterns of the training are stored as a film
 * @param checkpoints when parameters are stored
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

  /** The demand that a configuration makes. */
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
