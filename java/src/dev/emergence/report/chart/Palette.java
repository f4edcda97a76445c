package dev.emergence.report.chart;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/**
 * Colours that stay apart for colour-blind readers and in grey print: ordered values go by
 * lightness, unordered ones by the palette of Okabe and Ito (2008).
 */
public final class Palette {
  /** For lines of theory, thresholds and all that is no data. */
  public static final Color REFERENCE = new Color(0x444444);

  /** For frames and tick marks. */
  static final Color FRAME = new Color(0x333333);

  static final Color TEXT = new Color(0x1A1A1A);
  static final Color FAINT = new Color(0x6B6B6B);
  static final Color GRID = new Color(0xE9E9EC);

  /** On white, a colour must have at least this contrast (WCAG 2.2, success criterion 1.4.11). */
  public static final double LEAST_CONTRAST = 3;

  /** The palette of Okabe and Ito; those of it that are too pale on white are darkened. */
  private static final int[] OKABE_ITO = {
    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000
  };

  private static final Marker[] SIGNS = {
    Marker.CIRCLE, Marker.SQUARE, Marker.DIAMOND, Marker.WEDGE, Marker.PLUS
  };

  private static final LineStyle[] LINES = {
    LineStyle.SOLID, LineStyle.DASH_DOT, LineStyle.LONG_DASH, LineStyle.DASH_DOT_DOT
  };

  /** The lightest share of {@link #ramp} that has enough contrast. */
  private static final double LIGHTEST = 0.59;

  private Palette() {}

  /** Colours of n ordered values, the smallest darkest; none so light that it is lost on white. */
  public static List<Color> ordered(int n) {
    List<Color> colors = new ArrayList<>();
    for (int k = 0; k < n; k++) {
      colors.add(n == 1 ? new Color(OKABE_ITO[0]) : ramp(0.02 + (LIGHTEST - 0.02) * k / (n - 1)));
    }
    return colors;
  }

  /** Colours of n values without order; repeated beyond seven. */
  public static List<Color> unordered(int n) {
    return unordered(n, List.of());
  }

  private static List<Color> unordered(int n, List<Color> own) {
    List<Color> colors = new ArrayList<>();
    for (int k = 0; k < n; k++) {
      colors.add(
          own.isEmpty()
              ? legible(new Color(OKABE_ITO[k % OKABE_ITO.length]))
              : own.get(k % own.size()));
    }
    return colors;
  }

  /**
   * What n series look like. Signs differ too, and lines where colours begin anew, so that no two
   * of 140 are alike.
   *
   * @param ordered whether they are numbers in order: their colours go from dark to lighter
   * @param own colours to take in place of ours; may be empty
   */
  public static List<Mark> series(int n, boolean ordered, List<Color> own) {
    List<Color> colors = ordered && own.isEmpty() ? ordered(n) : unordered(n, own);
    int cycle = own.isEmpty() ? OKABE_ITO.length : own.size();
    List<Mark> marks = new ArrayList<>();
    for (int k = 0; k < n; k++) {
      LineStyle line = ordered && own.isEmpty() ? LineStyle.SOLID : LINES[k / cycle % LINES.length];
      marks.add(Mark.of(colors.get(k), SIGNS[k % SIGNS.length]).with(line));
    }
    return marks;
  }

  /** Contrast of a colour to white: from 1, white itself, to 21. */
  public static double contrast(Color c) {
    double luminance =
        0.2126 * linear(c.getRed()) + 0.7152 * linear(c.getGreen()) + 0.0722 * linear(c.getBlue());
    return 1.05 / (luminance + 0.05);
  }

  private static double linear(int channel) {
    double v = channel / 255.0;
    return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
  }

  /** The same hue, darkened until it has enough contrast to white. */
  static Color legible(Color c) {
    Color dark = c;
    for (int percent = 98; contrast(dark) < LEAST_CONTRAST && percent > 0; percent -= 2) {
      dark =
          new Color(
              c.getRed() * percent / 100,
              c.getGreen() * percent / 100,
              c.getBlue() * percent / 100);
    }
    return dark;
  }

  /**
   * A colour on the way from dark violet (0) over blue and green to light yellow (1), evenly in
   * perceived lightness.
   */
  public static Color ramp(double share) {
    double lightness = 0.25 + 0.67 * share;
    double hue = Math.toRadians(305 - 200 * Math.pow(share, 1.15));
    double chroma = 0.11 + 0.03 * Math.sin(Math.PI * share) + 0.03 * share;
    return oklch(lightness, chroma, hue);
  }

  /** A colour that lets through what lies under it. */
  public static Color clear(Color c, double opacity) {
    return new Color(c.getRed(), c.getGreen(), c.getBlue(), (int) Math.round(255 * opacity));
  }

  /**
   * From lightness, chroma and hue in Ottosson's Oklab (2020) to sRGB; paler where sRGB has no such
   * colour.
   */
  private static Color oklch(double lightness, double chroma, double hue) {
    double[] rgb = linear(lightness, chroma, hue);
    for (double c = chroma; outside(rgb) && c > 1e-3; c *= 0.98) {
      rgb = linear(lightness, c, hue);
    }
    return new Color(channel(rgb[0]), channel(rgb[1]), channel(rgb[2]));
  }

  private static boolean outside(double[] rgb) {
    return Math.min(rgb[0], Math.min(rgb[1], rgb[2])) < 0
        || Math.max(rgb[0], Math.max(rgb[1], rgb[2])) > 1;
  }

  private static double[] linear(double lightness, double chroma, double hue) {
    double a = chroma * Math.cos(hue);
    double b = chroma * Math.sin(hue);
    double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    return new double[] {
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
    };
  }

  private static double cube(double v) {
    return v * v * v;
  }

  private static int channel(double linear) {
    double gamma = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.pow(linear, 1 / 2.4) - 0.055;
    return (int) Math.round(255 * Math.max(0, Math.min(1, gamma)));
  }
}
