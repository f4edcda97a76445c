package dev.emergence.train;

import dev.emergence.spec.Catalog;
import dev.emergence.spec.ScheduleSpec;
import dev.emergence.tensor.LearningRate;
import java.util.Map;
import java.util.function.Function;

/** The catalog of schedules, and what each means on a device: one line each. */
final class Schedules {
  private static final Catalog<ScheduleSpec, Function<ScheduleSpec, LearningRate>> KNOWN =
      Catalog.complete(
          "schedule",
          ScheduleSpec.class,
          Map.ofEntries(
              entry(ScheduleSpec.Constant.class, s -> new LearningRate(s.warmupSteps(), 0, 1)),
              entry(
                  ScheduleSpec.Cosine.class,
                  s -> new LearningRate(s.warmupSteps(), s.decaySteps(), s.finalFactor()))));

  private Schedules() {}

  private static <S extends ScheduleSpec>
      Map.Entry<Class<? extends ScheduleSpec>, Function<ScheduleSpec, LearningRate>> entry(
          Class<S> kind, Function<S, LearningRate> device) {
    return Map.entry(kind, spec -> device.apply(kind.cast(spec)));
  }

  /** The device's form of a schedule. */
  static LearningRate of(ScheduleSpec spec) {
    return KNOWN.of(spec).apply(spec);
  }
}
