package dev.emergence.report.chart;

import java.util.concurrent.atomic.AtomicReference;

/**
 * This Java can write no text into an image: it finds no fontconfig, no font files or not the
 * libraries that draw them. SVG needs none.
 */
public final class FontsMissing extends Exception {
  private static final long serialVersionUID = 1;

  /** Java starts its fonts once. What it throws the next time no longer says why that failed. */
  private static final AtomicReference<String> REASON = new AtomicReference<>();

  FontsMissing(Throwable cause) {
    super(
        "this Java cannot write text into images, so no PNG can be written (the SVG can); install"
            + " fontconfig, a font such as DejaVu, and the libraries that draw it (Debian:"
            + " fontconfig fonts-dejavu-core libfreetype6 libharfbuzz0b): "
            + first(cause),
        cause);
  }

  private static String first(Throwable cause) {
    REASON.compareAndSet(null, cause.toString());
    return REASON.get();
  }
}
