package dev.emergence.train;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The training of a cohort: R replicas of equal shapes that differ in seed, learning rate or
 * repetition, moved together step by step. When to evaluate, when to stop and what to keep is the
 * caller's affair.
 *
 * <p>Not thread-safe.
 */
public interface Training extends AutoCloseable {

  /** Number of replicas, R. */
  int replicas();

  /** Optimiser steps taken; 0 at first. */
  long step();

  /**
   * Trains until {@link #step} is {@code step}.
   *
   * @throws IllegalArgumentException when it lies in the past
   */
  void trainTo(long step);

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
   * Brings about changes of the repetition that wait for a metric. To be called once at each step
   * at which the file evaluates.
   *
   * @param measured what {@link #evaluate} gave at this step
   */
  void react(double[][] measured);

  /**
   * The step whose batch gave the replica a loss that is not finite. From then on it stays as it
   * was before that step, with the parameters that gave that loss, while the others go on.
   */
  OptionalLong divergedAt(int replica);

  /** All that decides the replica's future. */
  Snapshot snapshot(int replica);

  /**
   * Continues every replica from its snapshot.
   *
   * @param snapshots one a replica, all of the same step and of this cohort's shapes
   */
  void restore(List<Snapshot> snapshots);

  /** The replica's parameters by name. */
  Map<String, Snapshot.Array> parameters(int replica);

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
