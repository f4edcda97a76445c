package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Layer;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Spelling;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.spec.Key;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The values of an axis: a list, {@code {from, to, num, spacing}}, or {@code {from, to, step}}. */
public final class Axes {
  /** A range as written. */
  public record Range(
      @Key(doc = "First value.") double from,
      @Key(doc = "Last value.") double to,
      @Key(doc = "Number of values, both ends included.", value = Key.ABSENT, min = 2, max = 1e9)
          Optional<Integer> num,
      @Key(doc = "linear: equal differences; log: equal ratios. Goes with num.", value = Key.ABSENT)
          Optional<Spacing> spacing,
      @Key(doc = "Difference between neighbours, instead of num.", value = Key.ABSENT)
          Optional<Double> step) {}

  /** How values lie between the ends. */
  enum Spacing {
    LINEAR,
    LOG
  }

  private final Diagnostics out;
  private final String path;
  private final Shape shape;
  private final boolean repeats;

  /**
   * For the axis of {@code path}, which holds values of {@code shape}.
   *
   * @param repeats whether a list may have a value twice, as a column of a zip may
   */
  public Axes(Diagnostics out, String path, Shape shape, boolean repeats) {
    this.repeats = repeats;
    this.out = out;
    this.path = path;
    this.shape = shape instanceof Shape.Opt opt ? opt.of() : shape;
  }

  /** Values that are counted before they are made. */
  public record Values(double count, java.util.function.Supplier<List<Node.Scalar>> make) {}

  /** The values of the axis; empty after a report. */
  public Optional<Values> values(Node.Entry entry) {
    Node written = entry.value();
    if (written instanceof Node.Sequence list) {
      return list(list, entry.key());
    }
    if (written instanceof Node.Mapping) {
      Object range =
          new Binder(out, Node.Mapping.empty(entry.key()), true)
              .bind(Shape.of(Range.class), entry, "axis " + path);
      return range == null ? Optional.empty() : range((Range) range, entry);
    }
    return written instanceof Node.Scalar s && !s.isNull()
        ? Optional.of(new Values(1, () -> List.of(s.in(Layer.AXIS))))
        : missing(entry);
  }

  private <T> Optional<T> missing(Node.Entry entry) {
    if (!(entry.value() instanceof Node.Broken)) {
      out.report(
          entry.key(),
          Code.E121,
          "axis " + path + " has no values",
          "write a list, or {from: 16, to: 128, num: 4, spacing: log}");
    }
    return Optional.empty();
  }

  private <T> Optional<T> refuse(Place place, String message, String hint) {
    out.report(place, Code.E121, "axis " + path + " " + message, hint);
    return Optional.empty();
  }

  private Optional<Values> list(Node.Sequence list, Place key) {
    if (list.items().isEmpty()) {
      return refuse(
          key, "has no values", "write a list, or {from: 16, to: 128, num: 4, spacing: log}");
    }
    List<Node.Scalar> values = new ArrayList<>();
    for (Node item : list.items()) {
      if (item instanceof Node.Scalar s && !s.isNull()) {
        if (!repeats && values.stream().anyMatch(v -> same(v, s))) {
          return refuse(item.place(), "has the value " + s.text() + " twice", "");
        }
        values.add(s.in(Layer.AXIS));
      } else if (item instanceof Node.Broken) {
        return Optional.empty();
      } else {
        return refuse(
            item.place(),
            "holds " + Node.describe(item),
            "an axis takes single values; use variants for several keys at once");
      }
    }
    return Optional.of(new Values(values.size(), () -> values));
  }

  /** Whether two values are the same, such as 1 and 1.0. */
  public static boolean same(Node.Scalar a, Node.Scalar b) {
    OptionalDouble first = Spelling.valueOf(a.text());
    OptionalDouble second = Spelling.valueOf(b.text());
    boolean numbers = first.isPresent() && second.isPresent();
    return numbers ? first.getAsDouble() == second.getAsDouble() : a.text().equals(b.text());
  }

  private Optional<Values> range(Range r, Node.Entry entry) {
    Place place = entry.value().place();
    if (!(shape instanceof Shape.Num)) {
      return refuse(place, "does not hold numbers", "write its values as a list");
    }
    if (r.num().isPresent() == r.step().isPresent()) {
      return refuse(
          place,
          "needs either num or step",
          "write {from: 16, to: 128, num: 4, spacing: log}, or {from: 16, to: 64, step: 16}");
    }
    return r.num().isPresent() ? numbered(r, place) : stepped(r, place);
  }

  private Optional<Values> stepped(Range r, Place place) {
    double step = r.step().get();
    double count = Math.floor((r.to() - r.from()) / step * (1 + 1e-12) + 1e-9);
    if (r.spacing().isPresent()) {
      return refuse(place, "has both step and spacing", "spacing goes with num");
    }
    if (!(step != 0 && count >= 0)) {
      return refuse(
          place,
          "never gets from "
              + Texts.number(r.from())
              + " to "
              + Texts.number(r.to())
              + " in steps of "
              + Texts.number(step),
          "");
    }
    double last = r.from() + count * step;
    if (!(Math.abs(last - r.to()) <= 1e-9 * Math.max(Math.abs(step), Math.abs(r.to())))) {
      return refuse(
          place,
          "misses its end: steps of "
              + Texts.number(step)
              + " from "
              + Texts.number(r.from())
              + " end at "
              + Texts.number(last),
          "write to: " + Texts.number(last));
    }
    return exact(r, count + 1, place);
  }

  private Optional<Values> numbered(Range r, Place place) {
    boolean log = isLog(r);
    if (log && !(r.from() > 0 && r.to() > 0)) {
      return refuse(place, "has spacing log and so needs ends above 0", "");
    }
    if (r.from() == r.to()) {
      return refuse(
          place, "begins and ends with " + Texts.number(r.from()), "write the single value");
    }
    return exact(r, r.num().get(), place);
  }

  private static boolean isLog(Range r) {
    return r.spacing().isPresent() && r.spacing().get() == Spacing.LOG;
  }

  /** Integer axes must hit integers: rounding in silence would make unequal ratios. */
  private Optional<Values> exact(Range r, double count, Place place) {
    if (shape instanceof Shape.Num num && num.whole()) {
      double wrong = firstFraction(r, count);
      if (!Double.isNaN(wrong)) {
        String how =
            r.step().isPresent() ? "step: " + Texts.number(r.step().get()) : "num: " + (int) count;
        String spacing = isLog(r) ? " spacing log" : "";
        String found =
            "asks for integers but"
                + spacing
                + " from "
                + Texts.number(r.from())
                + " to "
                + Texts.number(r.to())
                + " with "
                + how
                + " gives "
                + Texts.number(wrong);
        return refuse(place, found, r.num().isPresent() ? better(r, (int) count) : "");
      }
    }
    return Optional.of(new Values(count, () -> make(r, (int) count, place)));
  }

  private static double firstFraction(Range r, double count) {
    // After the first thousand values a linear or geometric pattern of integers does not break any
    // more.
    for (int i = 0; i < Math.min(count, 1000); i++) {
      double v = value(r, i, count);
      if (!(Math.abs(v - Math.rint(v)) <= 1e-9 * Math.max(1, Math.abs(v)))) {
        return v;
      }
    }
    return Double.NaN;
  }

  private static String better(Range r, int wanted) {
    for (int away = 1; away <= 64; away++) {
      for (int count : new int[] {wanted + away, wanted - away}) {
        if (count >= 2 && count <= 1000 && Double.isNaN(firstFraction(r, count))) {
          String values =
              make(r, Math.min(count, 12), count).stream().collect(Collectors.joining(" "));
          return "num: " + count + " gives " + values + (count > 12 ? " ..." : "");
        }
      }
    }
    return "no number of values up to 64 more gives integers; write the values as a list";
  }

  private static double value(Range r, int i, double count) {
    if (r.step().isPresent()) {
      return r.from() + i * r.step().get();
    }
    double share = i / (count - 1);
    return isLog(r)
        ? r.from() * Math.pow(r.to() / r.from(), share)
        : r.from() + (r.to() - r.from()) * share;
  }

  private List<Node.Scalar> make(Range r, int count, Place place) {
    return make(r, count, count).stream()
        .map(text -> new Node.Scalar(text, false, place.in(Layer.AXIS)))
        .toList();
  }

  /**
   * Twelve digits, so that 0.001 reached through a logarithm is the 0.001 of another axis and runs
   * are shared.
   */
  private static List<String> make(Range r, int first, int count) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < first; i++) {
      BigDecimal v =
          new BigDecimal(value(r, i, count)).round(new MathContext(12)).stripTrailingZeros();
      texts.add(
          Math.abs(v.precision() - v.scale()) <= 15
              ? v.toPlainString()
              : v.toString().replace("E", "e"));
    }
    return texts;
  }
}
