package dev.emergence.execute.device;

import dev.emergence.plan.PlannedRun;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DeviceException;
import dev.emergence.train.Training;
import java.util.OptionalLong;
import java.util.function.IntFunction;

/**
 * How many runs of a shape a device trains best together, and what a step of one then takes:
 * measured, not modelled. Small models leave most of a GPU idle, so that twice as many take hardly
 * longer; large ones fill it alone.
 *
 * @param replicas runs trained together
 * @param secondsPerStep of one of them: the time of a common step over {@code replicas}
 */
public record CohortSize(int replicas, double secondsPerStep) {
  /** Twice as many must save this share of the time, or their memory is not worth it. */
  private static final double GAIN = 0.05;

  /** Share of the free memory that a cohort may take: evaluations and cuBLAS need some too. */
  private static final double SHARE = 0.8;

  private static final int WARM_UP = 20;
  private static final int MEASURED = 50;
  private static final double WARM_UP_SECONDS = 0.5;
  private static final double MEASURED_SECONDS = 1.5;

  /**
   * Doubles the number of runs while that makes each of them cheaper and memory lasts. Of the
   * numbers tried, the one by which all runs are done first: five runs in four places would leave
   * the fifth alone.
   *
   * @param most runs there are to train
   */
  static CohortSize measure(Backend backend, Engine.Trainings trainings, PlannedRun run, int most) {
    return of(backend, most, replicas -> trial(backend, trainings, run, replicas));
  }

  /**
   * As {@link #measure}, by trials of some sizes.
   *
   * @param trials may raise {@link DeviceException} when memory runs out
   */
  static CohortSize of(Backend backend, int most, IntFunction<Trial> trials) {
    Trial last = trials.apply(1);
    Trial best = last;
    while (last.replicas < most) {
      int next = Math.min(2 * last.replicas, most);
      if (!fits(backend, last.bytes / last.replicas * next)) {
        break;
      }
      Trial larger;
      try {
        larger = trials.apply(next);
      } catch (DeviceException e) {
        if (e.reason() != DeviceException.Reason.OUT_OF_MEMORY) {
          throw e;
        }
        break;
      }
      if (larger.whole(most) < (1 - GAIN) * best.whole(most)) {
        best = larger;
      }
      if (!(larger.perMember() < (1 - GAIN) * last.perMember())) {
        break;
      }
      last = larger;
    }
    return new CohortSize(best.replicas, best.perMember());
  }

  /**
   * A cohort that was tried.
   *
   * @param bytes that it took
   * @param seconds of a common step
   */
  record Trial(int replicas, long bytes, double seconds) {
    private double perMember() {
      return seconds / replicas;
    }

    /** Of a step of so many runs, in turns. */
    private double whole(int runs) {
      return Math.ceil((double) runs / replicas) * seconds;
    }
  }

  private static boolean fits(Backend backend, long bytes) {
    OptionalLong free = backend.freeBytes();
    return free.isEmpty() || bytes <= SHARE * free.getAsLong();
  }

  /** Trains a cohort for a moment. */
  static Trial trial(Backend backend, Engine.Trainings trainings, PlannedRun run, int replicas) {
    long before = backend.allocatedBytes();
    try (Training training = trainings.create(backend, Engine.alike(run, replicas))) {
      advance(training, WARM_UP, WARM_UP_SECONDS);
      double seconds = advance(training, MEASURED, MEASURED_SECONDS);
      return new Trial(replicas, backend.allocatedBytes() - before, seconds);
    }
  }

  /**
   * Seconds of a step. Steps are asked for in growing numbers, since a device that is asked for one
   * at a time spends its time on being asked.
   */
  private static double advance(Training training, int most, double longest) {
    long began = System.nanoTime();
    int steps = 0;
    double seconds = 0;
    for (int chunk = 1; steps < most && seconds < longest; chunk *= 2) {
      int next = Math.min(chunk, most - steps);
      training.train(next);
      steps += next;
      seconds = (System.nanoTime() - began) / 1e9;
    }
    return seconds / steps;
  }
}
