package dev.emergence.dsl.sweep;

import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Texts;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Helps to report problems in formulas: it finds the place of a part of a formula, and writes
 * values for messages.
 */
public final class Formulas {
  private Formulas() {}

  /**
   * The place in the file of a part of a text. If the text runs over several lines or has escapes,
   * the place of the whole text is returned, because parts cannot be located then.
   *
   * @param scalar the text as it was read
   * @param at the first character of the part, from 0
   * @param length the number of characters
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

  /** Writes values for a message: {@code d = 16, T = 256}. */
  public static String show(Map<String, Double> values) {
    return values.entrySet().stream()
        .map(e -> e.getKey() + " = " + Texts.number(e.getValue()))
        .collect(Collectors.joining(", "));
  }
}
