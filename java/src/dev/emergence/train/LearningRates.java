package dev.emergence.train;

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
  private final Map<List<Double>, Rate> rates = new LinkedHashMap<>();

  /** Before the schedule, and at the step at hand; (R) each. */
  private record Rate(Tensor base, Tensor now) {}

  /**
   * @param scope owner of the tensors
   */
  LearningRates(Backend backend, Scope scope, ScheduleSpec schedule, List<Stretch> stretches) {
    this.backend = backend;
    this.schedule = Schedules.of(schedule);
    for (Stretch stretch : stretches) {
      rates.computeIfAbsent(stretch.rates(), values -> rate(scope, values));
    }
  }

  private Rate rate(Scope scope, List<Double> values) {
    Rate rate = new Rate(scope.floats(values.size()), scope.floats(values.size()));
    backend.write(rate.base(), values.stream().mapToDouble(Double::doubleValue).toArray());
    return rate;
  }

  /** The learning rate (R) of a stretch. */
  Tensor of(Stretch stretch) {
    return rates.get(stretch.rates()).now();
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
