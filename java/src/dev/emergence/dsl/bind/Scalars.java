package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Spelling;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.spec.Durations;
import dev.emergence.spec.Keys;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Single values to numbers, words, switches and durations. */
public final class Scalars {
  private final Diagnostics out;
  private final Node.Mapping root;

  /** Looks up related values in {@code root} for its messages. */
  public Scalars(Diagnostics out, Node.Mapping root) {
    this.out = out;
    this.root = root;
  }

  /** The value, or null after a report. */
  Object bind(Shape shape, Node.Scalar scalar, String path) {
    if (shape instanceof Shape.Num num) {
      return number(num, scalar, path, "");
    }
    if (shape instanceof Shape.Switch) {
      return flag(shape, scalar, path);
    }
    if (shape instanceof Shape.Words words) {
      return word(words, scalar, path);
    }
    if (shape instanceof Shape.Time) {
      return duration(scalar, path);
    }
    return shape instanceof Shape.Any ? any(scalar, path) : scalar.text();
  }

  /** What may stand here, for messages. */
  public String expected(Shape shape) {
    if (shape instanceof Shape.Num num) {
      return (num.whole() ? "an integer" : "a number") + range(num.min(), num.max());
    }
    if (shape instanceof Shape.Switch) {
      return "true or false";
    }
    if (shape instanceof Shape.Words words) {
      return "one of " + String.join(" ", words(words));
    }
    return shape instanceof Shape.Time ? "a duration such as 90s, 5min or 2h" : "a single value";
  }

  private static String range(double min, double max) {
    boolean below = Double.isInfinite(min);
    boolean above = Double.isInfinite(max);
    if (below && above) {
      return "";
    }
    if (below || above) {
      return below ? " of at most " + Texts.exact(max) : " of at least " + Texts.exact(min);
    }
    return " from " + Texts.exact(min) + " to " + Texts.exact(max);
  }

  /**
   * The number, or null after a report.
   *
   * @param word what may stand in its place; empty if nothing may
   */
  Object number(Shape.Num num, Node.Scalar scalar, String path, String word) {
    String text = scalar.text();
    double scale = 1;
    if (num.share() && text.endsWith("%")) {
      text = text.substring(0, text.length() - 1);
      scale = 0.01;
    }
    if (scalar.quoted() || !Spelling.isNumber(text)) {
      return misspelt(num, scalar, path, word);
    }
    double value = Double.parseDouble(text) * scale;
    boolean fractional = num.whole() && !isWhole(text);
    if (fractional || !(value >= num.min() && value <= num.max()) || Double.isInfinite(value)) {
      double max =
          Math.min(num.max(), related(num).map(r -> r.value).orElse(Double.POSITIVE_INFINITY));
      String expected = (num.whole() ? "an integer" : "a number") + range(num.min(), max);
      double near = Math.max(num.min(), Math.min(max, num.whole() ? Math.rint(value) : value));
      out.meant().value(scalar.place(), Texts.exact(near));
      String hint = related(num).filter(r -> max == r.value).map(Related::toString).orElse("");
      out.report(
          scalar.place(),
          Code.E110,
          path + " must be " + expected + ", got " + Texts.shorten(scalar.text()),
          hint);
      return null;
    }
    if (!num.whole()) {
      return value;
    }
    return num.type() == int.class || num.type() == Integer.class
        ? (Object) (int) value
        : (Object) (long) value;
  }

  static boolean isWhole(String number) {
    return Double.isFinite(Double.parseDouble(number))
        && new BigDecimal(number).stripTrailingZeros().scale() <= 0;
  }

  /** A value elsewhere in the file that bounds this one. */
  private record Related(double value, String path, Place place) {
    @Override
    public String toString() {
      return Texts.number(value) + " is " + path + ", set in " + place;
    }
  }

  private Optional<Related> related(Shape.Num num) {
    for (String path : num.atMost()) {
      Node node = Trees.find(root, path);
      if (node instanceof Node.Scalar s && Spelling.isNumber(s.text())) {
        return Optional.of(new Related(Double.parseDouble(s.text()), path, s.place()));
      }
    }
    return Optional.empty();
  }

  private Object misspelt(Shape.Num num, Node.Scalar scalar, String path, String word) {
    String text = scalar.text();
    String expected = expected(num) + (word.isEmpty() ? "" : ", or " + word);
    String allowed = Texts.exact(Math.max(num.min(), Math.min(num.max(), 1)));
    out.meant().value(scalar.place(), Spelling.number(text).orElse(allowed));
    if (Spelling.isNotFinite(text)) {
      out.report(
          scalar.place(),
          Code.E106,
          path + " must be " + expected + "; infinities and NaN are not allowed");
    } else if (scalar.quoted() && (Spelling.isNumber(text) || num.share() && isShare(text))) {
      out.report(
          scalar.place(), Code.E106, "write " + text + " without quotes; " + path + " is a number");
    } else if (Spelling.number(text).isPresent()) {
      out.report(
          scalar.place(),
          Code.E106,
          "write " + Spelling.number(text).get() + " for '" + Texts.shorten(text) + "'");
    } else if (isShare(text)) {
      double share = Double.parseDouble(text.substring(0, text.length() - 1)) / 100;
      out.report(
          scalar.place(),
          Code.E106,
          path
              + " is no percentage; write "
              + Texts.number(share)
              + " for '"
              + Texts.shorten(text)
              + "'");
    } else {
      out.report(
          scalar.place(),
          Code.E111,
          path + " must be " + expected + ", got " + Node.describe(scalar),
          word.isEmpty() ? "" : Suggestions.meant(text, List.of(word)));
    }
    return null;
  }

  private static boolean isShare(String text) {
    return text.endsWith("%") && Spelling.isNumber(text.substring(0, text.length() - 1));
  }

  private Object flag(Shape shape, Node.Scalar scalar, String path) {
    String text = scalar.text();
    if (!scalar.quoted() && (text.equals("true") || text.equals("false"))) {
      return text.equals("true");
    }
    Optional<String> right = Spelling.flag(text);
    out.meant().value(scalar.place(), right.orElse("false"));
    if (right.isPresent()) {
      String quotes = scalar.quoted() ? " without quotes" : "";
      out.report(
          scalar.place(),
          Code.E106,
          "write " + right.get() + quotes + " for '" + Texts.shorten(text) + "'");
    } else {
      out.report(
          scalar.place(),
          Code.E111,
          path + " must be " + expected(shape) + ", got " + Node.describe(scalar));
    }
    return null;
  }

  public static List<String> words(Shape.Words words) {
    return Arrays.stream(words.type().getEnumConstants()).map(Keys::word).toList();
  }

  private Object word(Shape.Words words, Node.Scalar scalar, String path) {
    for (Enum<?> constant : words.type().getEnumConstants()) {
      if (Keys.word(constant).equals(scalar.text())) {
        return constant;
      }
    }
    List<String> known = new ArrayList<>(words(words));
    String near = Suggestions.nearest(scalar.text(), known).orElse(known.get(0));
    out.meant().value(scalar.place(), near);
    out.report(
        scalar.place(),
        Code.E112,
        path + " must be one of " + String.join(" ", known) + ", got " + Node.describe(scalar),
        Suggestions.meant(scalar.text(), known));
    return null;
  }

  private Object duration(Node.Scalar scalar, String path) {
    Optional<Duration> length = Durations.parse(scalar.text());
    if (length.isEmpty()) {
      out.meant().value(scalar.place(), "1s");
      out.report(
          scalar.place(),
          Code.E111,
          path
              + " must be a duration such as 90s, 5min or 2h, 10000d at most, got "
              + Node.describe(scalar));
    }
    return length.orElse(null);
  }

  /** A value whose type is its own: Long, Double, Boolean or String. */
  public Object any(Node.Scalar scalar, String path) {
    String text = scalar.text();
    if (scalar.quoted()) {
      return text;
    }
    if (Spelling.isNumber(text)) {
      double value = Double.parseDouble(text);
      if (Double.isInfinite(value)) {
        out.report(
            scalar.place(), Code.E110, path + " is too large a number: " + Texts.shorten(text));
        return null;
      }
      return isWhole(text) && Math.abs(value) < 9e15 ? (Object) (long) value : (Object) value;
    }
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    Optional<String> right = Spelling.number(text).or(() -> Spelling.flag(text));
    if (right.isPresent() || Spelling.isNotFinite(text)) {
      out.report(
          scalar.place(),
          Code.E106,
          right.map(r -> "write " + r + " for '" + text + "'").orElse(path + " must be finite"));
      return null;
    }
    return text;
  }
}
