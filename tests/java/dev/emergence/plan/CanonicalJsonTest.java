package dev.emergence.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
  @Test
  void keys_are_sorted_at_every_depth_and_nothing_is_blank() {
    Map<String, Object> inner = new LinkedHashMap<>();
    inner.put("z", null);
    inner.put("a", Arrays.asList(true, "x"));
    Map<String, Object> outer = new LinkedHashMap<>();
    outer.put("b", inner);
    outer.put("B", 2);
    assertThat(CanonicalJson.of(outer))
        .isEqualTo("{\"B\":2,\"b\":{\"a\":[true,\"x\"],\"z\":null}}");
  }

  @Test
  void equal_numbers_have_one_spelling_whatever_their_type() {
    assertThat(CanonicalJson.of(List.of(1, 1L, 1.0, 1.0f))).isEqualTo("[1,1,1,1]");
    assertThat(CanonicalJson.of(List.of(1e-4, 0.0001))).isEqualTo("[0.0001,0.0001]");
  }

  /** The sample of RFC 8785, appendix B, and its neighbours. */
  @Test
  void numbers_follow_ecmascript() {
    double[] numbers = {
      0,
      -0.0,
      Double.MIN_VALUE,
      -Double.MIN_VALUE,
      Double.MAX_VALUE,
      9007199254740992.0,
      295147905179352830000.0
    };
    assertThat(Arrays.stream(numbers).mapToObj(CanonicalJson::number))
        .containsExactly(
            "0",
            "0",
            "5e-324",
            "-5e-324",
            "1.7976931348623157e+308",
            "9007199254740992",
            "295147905179352830000");
    double[] turns = {
      9.999999999999997e22, 1e23, 1e21, 999999999999999700000.0, 1e-6, 1e-7, 333333333.3333332, -1.5
    };
    assertThat(Arrays.stream(turns).mapToObj(CanonicalJson::number))
        .containsExactly(
            "9.999999999999997e+22",
            "1e+23",
            "1e+21",
            "999999999999999700000",
            "0.000001",
            "1e-7",
            "333333333.3333332",
            "-1.5");
  }

  /** On both sides of the size from which the digits are searched for. */
  @Test
  void whole_numbers_have_all_their_digits() {
    double[] numbers = {-1200, 999999999999999.0, 1e15, 1000000000000001.0, -999999999999998.0};
    assertThat(Arrays.stream(numbers).mapToObj(CanonicalJson::number))
        .containsExactly(
            "-1200", "999999999999999", "1000000000000000", "1000000000000001", "-999999999999998");
  }

  @Test
  void long_integers_beyond_doubles_keep_their_digits() {
    assertThat(CanonicalJson.of(9007199254740993L)).isEqualTo("9007199254740993");
  }

  @Test
  void control_characters_and_quotes_are_escaped() {
    assertThat(CanonicalJson.of("a\"\\\n\u0001é")).isEqualTo("\"a\\\"\\\\\\n\\u0001é\"");
  }

  @Test
  void numbers_that_json_cannot_say_are_refused() {
    assertThatThrownBy(() -> CanonicalJson.of(Double.NaN)).hasMessage("no JSON number for NaN");
  }
}
