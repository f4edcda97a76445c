package dev.emergence.report.chart;

import java.util.List;

/**
 * One axis of a panel.
 *
 * @param label what it shows, with its unit
 * @param from one end; NaN follows the data
 * @param to the other end; NaN follows the data
 * @param ticks where labelled ticks stand; empty leaves the choice to the painter
 * @param bare whether neither line, ticks nor numbers are drawn
 */
public record Axis(
    RichText label, Scale scale, double from, double to, List<Double> ticks, boolean bare) {
  public Axis {
    ticks = List.copyOf(ticks);
  }

  /** An axis that follows the data. */
  public static Axis of(RichText label, Scale scale) {
    return new Axis(label, scale, Double.NaN, Double.NaN, List.of(), false);
  }

  /** With these ends; NaN leaves one to the data. */
  public Axis between(double start, double end) {
    return new Axis(label, scale, start, end, ticks, bare);
  }

  /** With labelled ticks at these values. */
  public Axis withTicks(List<Double> values) {
    return new Axis(label, scale, from, to, values, bare);
  }

  /** Without line, ticks and numbers. */
  public Axis withoutTicks() {
    return new Axis(label, scale, from, to, ticks, true);
  }
}
