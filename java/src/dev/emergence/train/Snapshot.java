package dev.emergence.train;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

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

  /**
   * Numbers under a shape, row-major.
   *
   * @param shape empty for a single number
   */
  public record Array(int[] shape, double[] values) {
    /** Checks that shape and values agree. */
    public Array {
      long size = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
      if (size != values.length) {
        throw new IllegalArgumentException(
            "an array of shape "
                + Arrays.toString(shape)
                + " has "
                + size
                + " values, got "
                + values.length);
      }
    }

    /** A single number. */
    public static Array scalar(double value) {
      return new Array(new int[0], new double[] {value});
    }
  }
}
