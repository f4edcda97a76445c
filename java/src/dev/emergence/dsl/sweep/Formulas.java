package dev.emergence.dsl.sweep;

import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Texts;
import java.util.Map;
import java.util.stream.Collectors;

/** Places inside formulas, and values in messages about them. */
public final class Formulas {
  private Formulas() {}

  /**
   * The place of some characters of a text; the text as a whole when it runs over several lines or
   * has escapes.
   */
  public static Place inside(Node.Scalar scalar, int at, int length) {
    Place place = scalar.place();
    int quote = scalar.quoted() ? 1 : 0;
    String line = place.source().from(place.line(), place.column());
    boolean literal =
        line.length() >= quote + scalar.text().length() && line.startsWith(scalar.text(), quote);
    if (!literal) {
      return place;
    }
    return new Place(
        place.source(),
        place.line(),
        place.column() + quote + at,
        Math.max(1, length),
        place.layer());
  }

  /** {@code d = 16, T = 256}. */
  public static String show(Map<String, Double> values) {
    return values.entrySet().stream()
        .map(e -> e.getKey() + " = " + Texts.number(e.getValue()))
        .collect(Collectors.joining(", "));
  }
}
