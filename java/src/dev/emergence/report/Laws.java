package dev.emergence.report;

import dev.emergence.analysis.FitReport;
import dev.emergence.analysis.Summary;
import dev.emergence.fit.Estimate;
import dev.emergence.fit.FitResult;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.Numeral;
import java.util.Locale;
import java.util.stream.Collectors;

/** Fitted laws in words. */
final class Laws {
  private Laws() {}

  /** {@code emergence_law: C = 0.76, alpha = 1.29, R² = 0.995}, or why there is none. */
  static String sentence(String name, FitReport report) {
    if (report.result() instanceof FitResult.Fitted fitted) {
      String numbers =
          fitted.parameters().entrySet().stream()
              .map(
                  e -> RichText.symbol(e.getKey()).letters() + " = " + number(e.getValue().value()))
              .collect(Collectors.joining(", "));
      return name + ", " + numbers + (numbers.isEmpty() ? "" : ", ") + "R² = " + r2(fitted.r2());
    }
    return name + " could not be fitted: " + ((FitResult.Refused) report.result()).reason();
  }

  /** A share in percent, with as many digits as it needs: {@code 95 %}, {@code 99.5 %}. */
  static String percent(double share) {
    return new java.math.BigDecimal(100 * share)
            .round(new java.math.MathContext(6))
            .stripTrailingZeros()
            .toPlainString()
        + " %";
  }

  /** As everywhere. */
  static String number(double value) {
    return Numeral.of(value);
  }

  /** A time: to the step from a hundred steps on, else four digits. */
  static String time(double value) {
    return Math.abs(value) >= 100 && Math.abs(value) < 1e15
        ? Long.toString(Math.round(value))
        : number(value);
  }

  /** A standard deviation: two digits say all that a few seeds can. */
  static String spread(double value) {
    return Math.abs(value) >= 10 && Math.abs(value) < 1e15
        ? Long.toString(Math.round(value))
        : new java.math.BigDecimal(value)
            .round(new java.math.MathContext(2))
            .stripTrailingZeros()
            .toPlainString();
  }

  /**
   * A mean with its standard deviation, both to the second digit of the latter: {@code 57 ± 12},
   * {@code 5.67 ± 0.12}.
   */
  static String withSpread(double mean, double std, String plusMinus) {
    int decimals = std > 0 ? (int) Math.max(0, 1 - Math.floor(Math.log10(std))) : 0;
    boolean plain = std > 0 && std < 1e15 && Math.abs(mean) < 1e15 && decimals <= 6;
    return plain
        ? String.format(
            Locale.ROOT, "%." + decimals + "f%s%." + decimals + "f", mean, plusMinus, std)
        : time(mean) + plusMinus + spread(std);
  }

  /** The mean of a time with its standard deviation, where there is one. */
  static String mean(Summary times, String plusMinus) {
    return Double.isNaN(times.std())
        ? time(times.mean())
        : withSpread(times.mean(), times.std(), plusMinus);
  }

  static String r2(double value) {
    return Numeral.share(value);
  }

  /** {@code 1.25 … 1.33}, or a dash. */
  static String interval(Estimate estimate) {
    return estimate.hasInterval()
        ? number(estimate.lower()) + " … " + number(estimate.upper())
        : "–";
  }
}
