package dev.emergence.report.chart;

import java.util.List;

/**
 * One axis of a panel.
 *
 * @param label what it shows, with its unit
 * @param from one end; NaN follows the data
 * @param to the other end; NaN follows the data
 * @param ticks where labelled ticks stand; empty leaves the choice to the painter
 * @param words what stands at 0, 1, 2, ... on an axis of words; empty on an axis of numbers
 * @param bare whether neither line, ticks nor numbers are drawn
 */
public record Axis(
    RichText label,
    Scale scale,
    double from,
    double to,
    List<Double> ticks,
    List<RichText> words,
    boolean bare) {
  public Axis {
    ticks = List.copyOf(ticks);
    words = List.copyOf(words);
  }

  /** An axis that follows the data. */
  public static Axis of(RichText label, Scale scale) {
    return new Axis(label, scale, Double.NaN, Double.NaN, List.of(), List.of(), false);
  }

  /** An axis of words, at 0, 1, 2, ... */
  public static Axis ofWords(RichText label, List<RichText> words) {
    return new Axis(label, Scale.LINEAR, -0.5, words.size() - 0.5, List.of(), words, false);
  }

  /** With these ends; NaN leaves one to the data. */
  public Axis between(double start, double end) {
    return new Axis(label, scale, start, end, ticks, words, bare);
  }

  /** With labelled ticks at these values. */
  public Axis withTicks(List<Double> values) {
    return new Axis(label, scale, from, to, values, words, bare);
  }

  /** Without line, ticks and numbers. */
  public Axis withoutTicks() {
    return new Axis(label, scale, from, to, ticks, words, true);
  }
}
