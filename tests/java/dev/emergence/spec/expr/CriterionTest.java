package dev.emergence.spec.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CriterionTest {
  private static final Map<String, Object> VALUES =
      Map.of("d", 8L, "T", 12L, "p", 0.25, "variant", "adam", "position", "last", "skip", true);

  @ParameterizedTest
  @CsvSource({
    "d <= 8 or T > 100, true",
    "not d == 8 and T == 12, false",
    "variant == adam, true",
    "variant != adam, false",
    "adam == variant, true",
    "variant == sgd or position == last, true",
    "variant == 'adam', true",
    "variant == \"adam\", true",
    "not skip, false",
    "skip and d == 8, true",
    "skip == true, true",
    "skip == 1, true",
    "skip == false, false",
    "d == 8.0, true",
    "d == 9 and T/(d-8) > 1, false",
    "d == 8 or T/(d-8) > 1, true",
  })
  void numbers_words_and_switches_are_compared(String text, boolean expected) throws Exception {
    assertThat(holds(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "d | 'd' is no condition: compare it with something",
        "T/(d-8) > 1 | 'T/(d - 8)' is Infinity",
        "sqrt(d-9) > 1 | 'sqrt(d - 9)' is NaN",
        "variant < 'adam' | words are compared by == and != only",
        "d == adam | 'd' is a number and cannot be compared with 'adam'",
        "variant + 1 > 2 | 'adam' is a word and cannot be computed with",
        "(d > 1) + 1 > 2 | 'd > 1' is a condition and cannot be computed with",
        "variant | 'variant' is no condition: compare it with something",
      })
  void what_has_no_answer_says_why(String text, String message) {
    assertThatThrownBy(() -> holds(text))
        .isInstanceOf(Criterion.NoAnswer.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "d + 1", "d > 1 and 2", "not 5", "-d", "'adam'"})
  void a_number_by_itself_is_no_condition(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(ExpressionError.class)
        .hasMessageEndingWith("is no condition: compare it with something");
  }

  @Test
  void words_are_listed_with_what_they_are_compared_with() {
    Criterion c = parse("variant == sgd and (d > 2 or first != position)");
    assertThat(c.comparisons())
        .containsExactly(
            new Criterion.Comparison("variant", "sgd", 11),
            new Criterion.Comparison("position", "first", 29));
    assertThat(c.names()).containsExactly("variant", "d", "position");
    assertThat(parse(c.toText()).toText()).isEqualTo(c.toText());
  }

  @Test
  void a_name_that_nothing_knows_is_still_a_name() {
    assertThat(parse("x < 3 and y == z").names()).containsExactly("x", "y", "z");
  }

  private static Criterion parse(String text) {
    return Criterion.parse(text, VALUES::containsKey);
  }

  private static boolean holds(String text) throws Criterion.NoAnswer {
    return parse(text).holds(name -> Optional.ofNullable(VALUES.get(name)));
  }
}
