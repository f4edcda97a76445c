package dev.emergence.model;

import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;

/**
 * Initial parameters of a seed, drawn on the host so that every backend starts from the same float
 * values.
 *
 * <p>A part's elements come from the lane of the initialisation stream that is numbered by the hash
 * of the part's name. So an element depends on seed, name and its place in the part alone: adding a
 * layer leaves the others as they were.
 */
final class InitialValues {
  private InitialValues() {}

  /** One row of P values. */
  static float[] draw(Layout layout, int seed) {
    float[] row = new float[Math.toIntExact(layout.size())];
    RandomStream stream = RandomStream.of(seed, RandomStream.Purpose.INIT);
    for (Layout.Part part : layout.parts()) {
      RandomLane lane = stream.lane(part.name().hashCode(), 0, 0);
      int start = Math.toIntExact(part.start());
      for (int i = 0; i < part.size(); i++) {
        row[start + i] = (float) value(part.initial(), lane, i);
      }
    }
    return row;
  }

  private static double value(Initial initial, RandomLane lane, int i) {
    if (initial instanceof Initial.Uniform u) {
      return u.bound() * (2 * lane.uniform(i) - 1);
    }
    if (initial instanceof Initial.Between b) {
      return b.low() + (b.high() - b.low()) * lane.uniform(i);
    }
    if (initial instanceof Initial.Normal n) {
      return n.standardDeviation() * lane.normal(i);
    }
    if (initial instanceof Initial.Constant c) {
      return c.value();
    }
    throw new IllegalArgumentException("no values are drawn for " + initial);
  }
}
