package dev.emergence.dsl;

import dev.emergence.dsl.yaml.Layer;

/**
 * Where a value comes from.
 *
 * @param scope the sweep it holds in, or empty for the file as a whole
 * @param value as written
 * @param place {@code base/transformer.yaml:8:20}, or empty for a default
 * @param layer what set it
 */
public record Explanation(String scope, String value, String place, Layer layer) {
  /** {@code 64 in sweep vary_T, axis at fig3.yaml:14:7}. */
  @Override
  public String toString() {
    String where = scope.isEmpty() ? "" : " in sweep " + scope;
    return value + where + " (" + layer + (place.isEmpty() ? "" : " at " + place) + ")";
  }
}
