package dev.emergence.tensor;

import java.util.Arrays;
import java.util.Optional;

/** Numbers under a shape, row-major: float32 or float64, as they were in memory. */
public final class ShapedArray {
  private final int[] shape;
  private final Object numbers;

  /**
   * Numbers in float64.
   *
   * @param shape empty for a single number
   * @throws IllegalArgumentException when they are not as many as the shape says
   */
  public ShapedArray(int[] shape, double[] numbers) {
    this(shape, numbers, numbers.length);
  }

  /**
   * Numbers in float32.
   *
   * @param shape empty for a single number
   * @throws IllegalArgumentException when they are not as many as the shape says
   */
  public ShapedArray(int[] shape, float[] numbers) {
    this(shape, numbers, numbers.length);
  }

  private ShapedArray(int[] shape, Object numbers, int count) {
    long size = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
    if (size != count) {
      throw new IllegalArgumentException(
          "an array of shape " + Arrays.toString(shape) + " has " + size + " values, got " + count);
    }
    this.shape = shape;
    this.numbers = numbers;
  }

  /** A single number in float64. */
  public static ShapedArray scalar(double value) {
    return new ShapedArray(new int[0], new double[] {value});
  }

  /** In float32 when that loses nothing, else in float64. */
  public static ShapedArray lossless(int[] shape, double[] values) {
    return new ShapedArray(shape, values).shortened();
  }

  /** The same in float32 when that loses nothing, else as they are. */
  public ShapedArray shortened() {
    if (!(numbers instanceof double[] doubles)
        || !Arrays.stream(doubles).allMatch(v -> Double.isNaN(v) || (float) v == v)) {
      return this;
    }
    float[] floats = new float[doubles.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) doubles[i];
    }
    return new ShapedArray(shape, floats);
  }

  /** Empty for a single number. */
  public int[] shape() {
    return shape;
  }

  /** How many there are. */
  public int size() {
    return numbers instanceof float[] floats ? floats.length : ((double[]) numbers).length;
  }

  /** All numbers; each call converts them where they are float32. */
  public double[] values() {
    if (numbers instanceof float[] floats) {
      double[] out = new double[floats.length];
      for (int i = 0; i < out.length; i++) {
        out[i] = floats[i];
      }
      return out;
    }
    return (double[]) numbers;
  }

  /** The numbers where they are float32. */
  public Optional<float[]> floats() {
    return numbers instanceof float[] floats ? Optional.of(floats) : Optional.empty();
  }
}
