package dev.emergence.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FontsMissingTest {
  @Test
  void what_java_threw_first_is_told_each_time() {
    Throwable library = new UnsatisfiedLinkError("libharfbuzz.so.0: cannot open shared object");
    FontsMissing first = new FontsMissing(library);
    FontsMissing second = new FontsMissing(new NoClassDefFoundError("sun.font.SunFontManager"));
    assertThat(second).hasMessage(first.getMessage());
  }
}
