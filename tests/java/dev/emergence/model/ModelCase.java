package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec;
import java.util.Arrays;

/** An architecture and sizes to test it at. */
public record ModelCase(
    ArchitectureSpec architecture, Signature signature, int replicas, int batch) {

  /** Random values that nothing else in a test equals: numbers around 1, or tokens. */
  double[] inputs(int seed) {
    int size =
        replicas * batch * signature.length() * (signature.discrete() ? 1 : signature.inputs());
    double[] draws = noise(seed, size);
    return signature.discrete()
        ? Arrays.stream(draws).map(x -> classOf(x, signature.inputs())).toArray()
        : draws;
  }

  /**
   * Targets: vectors, or classes when tokens are discrete. Where a sequence has several, one class
   * in four is not scored.
   */
  double[] targets(int seed) {
    int count = signature.scored().count();
    int size = replicas * batch * count * (signature.discrete() ? 1 : signature.outputs());
    double[] draws = noise(seed, size);
    if (signature.discrete()) {
      Arrays.setAll(
          draws, i -> count > 1 && i % 4 == 2 ? -1 : classOf(draws[i], signature.outputs()));
    }
    return draws;
  }

  /** Uniform in ±1.7, so that the variance is about 1. */
  static double[] noise(int seed, int size) {
    java.util.Random random = new java.util.Random(seed);
    return random.doubles(size, -1.7, 1.7).toArray();
  }

  private static double classOf(double x, int classes) {
    return Math.floor((x + 1.7) / 3.4 * classes);
  }
}
