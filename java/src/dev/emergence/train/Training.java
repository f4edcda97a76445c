package dev.emergence.train;

import dev.emergence.tensor.ShapedArray;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The training of a cohort: R replicas of equal shapes that differ in seed, learning rate or
 * repetition, moved together step by step. Each has a run, which stands at a step of its own; the
 * place of a run that is not needed any more can be given to another one. When to evaluate, when to
 * stop and what to keep is the caller's affair.
 *
 * <p>Not thread-safe.
 */
public interface Training extends AutoCloseable {

  /** Number of replicas, R. */
  int replicas();

  /** Optimiser steps that a replica's run has taken. */
  long step(int replica);

  /**
   * Takes steps with every replica.
   *
   * @throws IllegalArgumentException when the number is negative
   */
  void train(long steps);

  /**
   * Trains replicas that all stand at one step until they stand at another.
   *
   * @throws IllegalArgumentException when it lies in the past, or they stand at several
   */
  default void trainTo(long step) {
    for (int r = 1; r < replicas(); r++) {
      if (step(r) != step(0)) {
        throw new IllegalArgumentException(
            "replicas stand at different steps, " + step(0) + " and " + step(r));
      }
    }
    if (step < step(0)) {
      throw new IllegalArgumentException("cannot train back to step " + step + " from " + step(0));
    }
    train(step - step(0));
  }

  /**
   * Gives the place of a replica to another run. The others do not notice, nothing is recorded
   * again, and the run trains as it would alone.
   *
   * @throws IllegalArgumentException when the run has other shapes, or its snapshot is of another
   *     model; the training cannot be used any more then
   */
  void enter(int replica, Start run);

  /**
   * Names of what {@link #evaluate} measures, in order: {@code test.loss}, {@code test.accuracy}
   * and so on for each test set; {@code train.loss} and its like of the last batch; {@code
   * attention.entropy} of the leading head, {@code attention.LAYER.HEAD.entropy} of each, layers
   * and heads from 1; {@code in_context} and {@code cross_sample} where they change. All that
   * {@code Metrics.of} promises.
   */
  List<String> columns();

  /**
   * Measures every replica as it stands. Measuring changes nothing.
   *
   * @return [replica][column]; NaN where nothing can be measured, as the last batch at step 0
   */
  double[][] evaluate();

  /**
   * Refuses what plug-ins gave of a replica at the last {@link #evaluate}, where a number is NaN or
   * infinite. To be called of replicas whose losses are finite; others have no numbers to give.
   *
   * @throws dev.emergence.spec.PluginFailure naming the class, the column and the step
   */
  default void requireFinite(int replica) {}

  /**
   * Brings about changes of a replica's repetition that wait for a metric. To be called once at
   * each step at which the file evaluates.
   *
   * @param measured what {@link #evaluate} gave of it at this step
   */
  void react(int replica, double[] measured);

  /**
   * The step whose batch gave the replica a loss that is not finite. From then on it stays as it
   * was before that step, with the parameters that gave that loss, while the others go on.
   */
  OptionalLong divergedAt(int replica);

  /** All that decides the future of the replica's run. */
  Snapshot snapshot(int replica);

  /** The replica's parameters by name. */
  Map<String, ShapedArray> parameters(int replica);

  /** Attention of every layer and head on the first sequence of the first test set. */
  List<AttentionPicture> pictures(int replica);

  /**
   * The truth about the sequence of {@link #pictures}: pairs of a query and a key that it should
   * attend to, as positions; empty where the task does not say.
   */
  default double[][] trueKeys(int replica) {
    return new double[0][];
  }

  /** Frees all memory. */
  @Override
  void close();
}
