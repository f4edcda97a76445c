package dev.emergence.plan;

import dev.emergence.spec.RunConfig;
import dev.emergence.theory.Forecast;
import java.util.List;
import org.apiguardian.api.API;

/**
 * The cost of a run, computed from its shapes: floating-point operations, bytes, and the number of
 * steps.
 *
 * @param stepFlops floating-point operations of one training step
 * @param evaluationFlops floating-point operations of one evaluation of all test sets
 * @param evaluations evaluations per step
 * @param parameters number of trained parameters
 * @param memoryBytes approximate memory of one run on its device, in bytes
 * @param checkpointBytes size of a checkpoint, in bytes
 * @param expectedSteps number of steps expected from the published laws and the stop rules; without
 *     a law, that of {@code worstSteps}
 * @param worstSteps number of steps when nothing emerges
 */
@API(status = API.Status.MAINTAINED)
public record Cost(
    double stepFlops,
    double evaluationFlops,
    double evaluations,
    long parameters,
    long memoryBytes,
    long checkpointBytes,
    double expectedSteps,
    double worstSteps) {

  /** Steps of a run that has gone further than it should, over those that it has taken. */
  private static final double OVERRUN = 1.25;

  /** What Java itself takes, its code and libraries included. */
  private static final long JAVA_BYTES = 128L << 20;

  /** The cost of a configuration under all demands on it. */
  static Cost of(RunConfig config, List<Demand> demands) {
    Footprint size = Footprint.of(config);
    double worst = demands.stream().mapToDouble(Demand::maxSteps).max().orElse(0);
    double expected =
        demands.stream().mapToDouble(d -> expectedSteps(config, d)).max().orElse(worst);
    double perSequence = size.work().forwardFlops();
    int sets = config.measurement().testSets().size();
    return new Cost(
        3 * perSequence * config.training().batchSize(),
        perSequence * config.measurement().evaluateSamples() * sets,
        1.0 / config.measurement().evaluateEvery(),
        size.work().parameters(),
        size.memoryBytes(config.training().batchSize()),
        size.work().parameters() * 3 * Float.BYTES,
        size.flow() ? 1 : expected,
        size.flow() ? 1 : worst);
  }

  private static double expectedSteps(RunConfig config, Demand demand) {
    if (demand.stop().thresholds().isEmpty()) {
      return demand.maxSteps();
    }
    boolean turns =
        demand.stop().thresholds().stream()
            .anyMatch(name -> demand.thresholds().get(name).from().isPresent());
    double plateau =
        Forecast.of(config)
            .filter(f -> f.unit().equals("steps"))
            .filter(f -> !turns) // No law says when what has emerged is lost.
            .map(Forecast::plateau)
            .orElse((double) demand.maxSteps());
    return Math.min(demand.maxSteps(), plateau * (1 + demand.stop().extra()));
  }

  /**
   * The step at which a run that is not finished is expected to end.
   *
   * @param at the step at which it stands
   * @param known where it ends, if what was measured tells; infinite, or {@link #worstSteps}, if
   *     not
   * @param expected the step that is expected of a run of its kind
   */
  @API(status = API.Status.INTERNAL)
  public double expectedEnd(double at, double known, double expected) {
    return known < worstSteps ? known : Math.min(worstSteps, Math.max(expected, OVERRUN * at));
  }

  /** The expected number of floating-point operations. */
  public double expected() {
    return expectedSteps * operationsPerStep();
  }

  /** The number of floating-point operations when nothing emerges. */
  public double worst() {
    return worstSteps * operationsPerStep();
  }

  /**
   * Memory in Java of the process that trains the run, in bytes, beside what the device needs. A
   * checkpoint is whole there while it is made, and so is the one that the run has continued from.
   * A third one covers the row that is just being copied, and what has not been collected yet.
   */
  public long hostBytes() {
    return 3 * checkpointBytes + JAVA_BYTES;
  }

  private double operationsPerStep() {
    return stepFlops + evaluationFlops * evaluations;
  }
}
