package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.doubles;
import static dev.emergence.reference.HostBuffer.ints;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.AdamOptions;
import dev.emergence.tensor.LearningRate;
import dev.emergence.tensor.Moments;
import dev.emergence.tensor.Tensor;
import java.util.stream.IntStream;

/** Optimiser steps and what surrounds them; a replica that has stopped is passed over. */
final class Optimisers {
  private Optimisers() {}

  static void clipGradient(Tensor gradient, double maxNorm, Tensor norm) {
    for (int r = 0; r < gradient.replicas(); r++) {
      int from = start(gradient, r);
      double sum = 0;
      for (int i = 0; i < gradient.perReplica(); i++) {
        sum += doubles(gradient)[from + i] * doubles(gradient)[from + i];
      }
      double length = Math.sqrt(sum);
      doubles(norm)[start(norm, r)] = length;
      for (int i = 0; i < gradient.perReplica() && length > maxNorm; i++) {
        doubles(gradient)[from + i] *= maxNorm / length;
      }
    }
  }

  private static int[] training(Tensor stoppedAt) {
    return IntStream.range(0, stoppedAt.replicas())
        .filter(r -> ints(stoppedAt)[start(stoppedAt, r)] == 0)
        .toArray();
  }

  static void advance(Tensor step, Tensor stoppedAt) {
    for (int r : training(stoppedAt)) {
      ints(step)[start(step, r)]++;
    }
  }

  static void learningRate(LearningRate schedule, Tensor step, Tensor base, Tensor out) {
    for (int r = 0; r < step.replicas(); r++) {
      doubles(out)[start(out, r)] =
          doubles(base)[start(base, r)] * schedule.factor(ints(step)[start(step, r)]);
    }
  }

  /**
   * m_hat / (sqrt(v_hat) + eps): Kingma and Ba 2015, algorithm 1; weights decay first (Loshchilov &
   * Hutter 2019).
   */
  static void adam(Moments t, AdamOptions o) {
    for (int r : training(t.stoppedAt())) {
      int step = ints(t.step())[start(t.step(), r)];
      double lr = doubles(t.learningRate())[start(t.learningRate(), r)];
      double missingM = 1 - Math.pow(o.beta1(), step);
      double missingV = 1 - Math.pow(o.beta2(), step);
      for (int i = 0; i < t.parameters().perReplica(); i++) {
        int m = start(t.m(), r) + i;
        int v = start(t.v(), r) + i;
        int p = start(t.parameters(), r) + i;
        double g = doubles(t.gradient())[start(t.gradient(), r) + i];
        doubles(t.m())[m] = o.beta1() * doubles(t.m())[m] + (1 - o.beta1()) * g;
        doubles(t.v())[v] = o.beta2() * doubles(t.v())[v] + (1 - o.beta2()) * g * g;
        double mHat = doubles(t.m())[m] / missingM;
        double vHat = doubles(t.v())[v] / missingV;
        doubles(t.parameters())[p] =
            doubles(t.parameters())[p] * (1 - lr * o.weightDecay())
                - lr * mHat / (Math.sqrt(vHat) + o.eps());
      }
    }
  }

  static void sgd(Moments t, double momentum) {
    for (int r : training(t.stoppedAt())) {
      double lr = doubles(t.learningRate())[start(t.learningRate(), r)];
      for (int i = 0; i < t.parameters().perReplica(); i++) {
        int m = start(t.m(), r) + i;
        doubles(t.m())[m] =
            momentum * doubles(t.m())[m] + doubles(t.gradient())[start(t.gradient(), r) + i];
        doubles(t.parameters())[start(t.parameters(), r) + i] -= lr * doubles(t.m())[m];
      }
    }
  }

  static void watch(Tensor loss, Tensor step, Tensor stoppedAt) {
    for (int r : training(stoppedAt)) {
      if (!Double.isFinite(doubles(loss)[start(loss, r)])) {
        ints(stoppedAt)[start(stoppedAt, r)] = ints(step)[start(step, r)];
      }
    }
  }
}
