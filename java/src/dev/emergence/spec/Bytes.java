package dev.emergence.spec;

import java.util.Locale;

/** Sizes as people read them. */
public final class Bytes {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Bytes() {}

  /** {@code 640 B}, {@code 1.2 MiB}. */
  public static String text(double n) {
    int unit = 0;
    while (n >= (unit == 0 ? 1024 : 1023.95) && unit < UNITS.length - 1) {
      n /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", n, UNITS[unit]);
  }
}
