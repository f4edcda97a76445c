package dev.emergence.train;

import dev.emergence.tensor.ShapedArray;
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
public record Snapshot(long step, Map<String, ShapedArray> arrays) {

  /** Copies the map, keeping its order. */
  public Snapshot {
    arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
  }

  /**
   * The array of a name.
   *
   * @throws IllegalArgumentException naming the known ones when there is none
   */
  public ShapedArray array(String name) {
    ShapedArray found = arrays.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "snapshot at step " + step + " has no '" + name + "'; it has " + arrays.keySet());
    }
    return found;
  }
}
