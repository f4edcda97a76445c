package dev.emergence.task;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * The part of a draw that is a number a replica: which stream it comes from, and how it repeats
 * itself.
 *
 * @param source where batches come from
 * @param keys (R, 2) i32: Philox keys
 * @param inContext (R) i32: B
 * @param crossSample (R): p
 * @param dataset (R) i32: sequences of the data set, 0 for endless data
 */
record Repetition(
    Backend backend,
    Source source,
    Tensor keys,
    Tensor inContext,
    Tensor crossSample,
    Tensor dataset) {

  /** Repetition of the replicas as their files have it, or as a test set has it. */
  static Repetition of(Backend backend, Scope scope, List<Replica> replicas, Source source) {
    int count = replicas.size();
    Repetition made =
        new Repetition(
            backend,
            source,
            scope.ints(count, 2),
            scope.ints(count),
            scope.floats(count),
            scope.ints(count));
    for (int r = 0; r < count; r++) {
      made.enter(r, replicas.get(r));
    }
    return made;
  }

  /** Gives a place to a run. */
  void enter(int replica, Replica run) {
    RandomStream stream = run.stream(source.purpose);
    backend.write(keys.replica(replica), new int[] {stream.k0(), stream.k1()});
    backend.write(dataset.replica(replica), new int[] {run.dataset(source.purpose)});
    set(replica, source.inContext.applyAsInt(run), source.crossSample.applyAsDouble(run));
  }

  /** Where batches come from. */
  record Source(
      int places,
      Purpose purpose,
      ToIntFunction<Replica> inContext,
      ToDoubleFunction<Replica> crossSample) {

    static Source training(int places) {
      return new Source(
          places,
          Purpose.DATA,
          r -> r.config().repetition().inContext(),
          r -> r.config().repetition().crossSample());
    }

    static Source test(int places, String testSet) {
      return new Source(
          places,
          Purpose.TEST,
          r -> Cohort.inContext(r, testSet),
          r -> Cohort.crossSample(r, testSet));
    }
  }

  void set(int replica, int copies, double p) {
    if (copies < 1 || copies > source.places) {
      throw new IllegalArgumentException(
          "replica "
              + replica
              + ": in_context must be from 1 to "
              + source.places
              + ", got "
              + copies);
    }
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException(
          "replica " + replica + ": cross_sample must be from 0 to 1, got " + p);
    }
    backend.write(inContext.replica(replica), new int[] {copies});
    backend.write(crossSample.replica(replica), new double[] {p});
  }
}
