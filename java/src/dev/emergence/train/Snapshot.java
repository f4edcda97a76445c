package dev.emergence.train;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All that one replica carries from step to step: parameters, moments, counters. Everything else of
 * a training is a pure function of configuration, seed and step, so restoring a snapshot continues
 * bit for bit.
 *
 * <p>Values of the cpu and cuda backends are float32 or int32 and lose nothing when stored as such;
 * the reference backend's are float64.
 *
 * @param step steps taken
 * @param arrays by name, in a fixed order: {@code blocks.0.mlp.hidden.weight}, {@code
 *     adam.m.blocks.0.mlp.hidden.weight}, ...
 */
public record Snapshot(long step, Map<String, Array> arrays) {

  /** Copies the map, keeping its order. */
  public Snapshot {
    arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
  }

  /**
   * The array of a name.
   *
   * @throws IllegalArgumentException naming the known ones when there is none
   */
  public Array array(String name) {
    Array found = arrays.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "snapshot at step " + step + " has no '" + name + "'; it has " + arrays.keySet());
    }
    return found;
  }

  /** Numbers under a shape, row-major: float32 or float64, as they were in memory. */
  public static final class Array {
    private final int[] shape;
    private final Object numbers;

    /**
     * Numbers in float64.
     *
     * @param shape empty for a single number
     */
    public Array(int[] shape, double[] numbers) {
      this(shape, numbers, numbers.length);
    }

    /** Numbers in float32. */
    public Array(int[] shape, float[] numbers) {
      this(shape, numbers, numbers.length);
    }

    private Array(int[] shape, Object numbers, int count) {
      long size = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
      if (size != count) {
        throw new IllegalArgumentException(
            "an array of shape "
                + Arrays.toString(shape)
                + " has "
                + size
                + " values, got "
                + count);
      }
      this.shape = shape;
      this.numbers = numbers;
    }

    /** A single number. */
    public static Array scalar(double value) {
      return new Array(new int[0], new double[] {value});
    }

    /** Empty for a single number. */
    public int[] shape() {
      return shape;
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
}
