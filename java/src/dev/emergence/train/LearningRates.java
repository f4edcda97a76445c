package dev.emergence.train;

import dev.emergence.spec.Rates;
import dev.emergence.spec.ScheduleSpec;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.LearningRate;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The learning rates of the step at hand, one tensor for all stretches that share them. */
final class LearningRates {
  private final Backend backend;
  private final LearningRate schedule;
  private final Map<Rates.Rule, Rate> rates = new LinkedHashMap<>();

  /** Before the schedule, and at the step at hand; (R) each. */
  private record Rate(Tensor base, Tensor now) {}

  /**
   * Rates of 0, until {@link #begin}.
   *
   * @param scope owner of the tensors
   */
  LearningRates(
      Backend backend, Scope scope, ScheduleSpec schedule, List<Stretch> stretches, int replicas) {
    this.backend = backend;
    this.schedule = Schedules.of(schedule);
    for (Stretch stretch : stretches) {
      rates.computeIfAbsent(
          stretch.rate(), rule -> new Rate(scope.floats(replicas), scope.floats(replicas)));
    }
  }

  /**
   * Gives a replica its learning rates.
   *
   * @param base of the optimiser, before the schedule
   */
  void begin(int replica, double base) {
    rates.forEach(
        (rule, rate) -> backend.write(rate.base().replica(replica), new double[] {rule.of(base)}));
  }

  /** The learning rate (R) of a stretch. */
  Tensor of(Stretch stretch) {
    return rates.get(stretch.rate()).now();
  }

  /**
   * Sets all of them. An operation on the backend: runs at once or is recorded.
   *
   * @param step (R) i32, from 1
   */
  void update(Tensor step) {
    rates.values().forEach(rate -> backend.learningRate(schedule, step, rate.base(), rate.now()));
  }
}
