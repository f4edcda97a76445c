package dev.emergence.report.chart;

/**
 * Estimated widths of sans-serif letters, so that layout depends on no font of the machine. A
 * little wide, so that nothing collides in fonts that run broad.
 */
final class TextWidth {
  private static final String NARROW = "iljI.,:;'|!()[] ft/\"";
  private static final String WIDE = "mwMW@%—∞−×+=<>";

  private TextWidth() {}

  /** Width of a text of font size 1. */
  static double em(String text) {
    return text.codePoints().mapToDouble(TextWidth::em).sum();
  }

  /** The longest beginning that is at most so wide at font size 1. */
  static String prefix(String text, double width) {
    double used = 0;
    int at = 0;
    while (at < text.length()) {
      int letter = text.codePointAt(at);
      used += em(letter);
      if (used > width) {
        break;
      }
      at += Character.charCount(letter);
    }
    return text.substring(0, at);
  }

  private static double em(int letter) {
    if (NARROW.indexOf(letter) >= 0) {
      return 0.35;
    }
    if (WIDE.indexOf(letter) >= 0 || letter > 0x2E80) {
      return 0.9;
    }
    if (Character.isDigit(letter)) {
      return 0.62;
    }
    return Character.isUpperCase(letter) ? 0.70 : 0.59;
  }
}
