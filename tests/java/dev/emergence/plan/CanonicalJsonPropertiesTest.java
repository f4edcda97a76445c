package dev.emergence.plan;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class CanonicalJsonPropertiesTest {
  @Property(tries = 2000)
  void a_number_reads_back_as_itself_and_no_shorter_spelling_does(@ForAll long bits) {
    double x = Double.longBitsToDouble(bits);
    if (!Double.isFinite(x)) {
      return;
    }
    String spelled = CanonicalJson.number(x);
    assertThat(Double.parseDouble(spelled)).isEqualTo(x == 0 ? 0.0 : x);
    assertThat(digits(spelled)).isLessThanOrEqualTo(digits(Double.toString(x)));
  }

  private static int digits(String number) {
    return number
        .replaceAll("[eE].*", "")
        .replaceAll("[^0-9]", "")
        .replaceAll("^0+", "")
        .replaceAll("0+$", "")
        .length();
  }
}
