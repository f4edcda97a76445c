package dev.emergence.spec.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
  @ParameterizedTest
  @CsvSource({
    "1 + 2 * 3, 7",
    "2 * 3 + 1, 7",
    "7 - 2 - 1, 4",
    "16 / 4 / 2, 2",
    "-2^2, -4",
    "(-2)^2, 4",
    "2^3^2, 512",
    "2^-1, 0.5",
    "2 * -3, -6",
    "sqrt(16) + log(exp(3)), 7",
    "1.5e2 - 1E1, 140",
    "d * T / 4, 24",
    "'choose(d, 3)', 56",
    "'2 * choose(T, T - 1)^2', 288",
    "'choose(d, 0) + choose(d, d)', 2",
    "'choose(1000, 3)', 166167000",
  })
  void arithmetic_groups_as_in_the_papers(String text, double expected) {
    assertThat(Expression.parse(text).evaluate(Map.of("d", 8.0, "T", 12.0)))
        .isCloseTo(expected, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({"3, 4", "3, -1", "3.5, 2", "4, 1.5"})
  void subsets_are_counted_of_whole_numbers_alone(double n, double k) {
    Map<String, Double> values = Map.of("n", n, "k", k);
    assertThat(Expression.parse("choose(n, k)").evaluate(values)).isNaN();
  }

  @ParameterizedTest
  @CsvSource({
    "d <= 8 or T > 100, true",
    "d < 8 or T > 100, false",
    "not d == 8 and T == 12, false",
    "not (d == 8 and T == 13), true",
    "d != 8, false",
    "d >= 8 and T >= 12 or d == 0, true",
    "d + 1 > T - 5, true",
  })
  void conditions_group_comparison_before_not_before_and_before_or(String text, boolean expected) {
    Map<String, Double> values = Map.of("d", 8.0, "T", 12.0);
    Expression parsed = new ExpressionParser(text, true).whole();
    assertThat(parsed.evaluate(values) != 0).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "d * | 2 | ends too early",
        "(d + 1 | 5 | a ( is not closed",
        "d ** 2 | 2 | write ^ for **",
        "sin(d) | 0 | unknown function 'sin'; known: choose exp log sqrt",
        "sqrt d | 0 | sqrt needs ( )",
        "choose d | 0 | choose needs ( )",
        "1 + choose(d) | 4 | choose needs two values: choose(S, s)",
        "choose(d, 2 | 10 | a ( is not closed",
        "2 d | 2 | an operator is missing before 'd'",
        "d < 3 | 2 | comparisons are for conditions only",
        "d $ 3 | 2 | '$' cannot stand here",
        "d and T | 2 | 'and' is for conditions only",
      })
  void mistakes_are_reported_with_their_place(String text, int at, String message) {
    assertThatThrownBy(() -> Expression.parse(text))
        .hasMessage(message)
        .asInstanceOf(InstanceOfAssertFactories.type(ExpressionError.class))
        .extracting(ExpressionError::at)
        .isEqualTo(at);
  }

  @Test
  void a_single_equals_sign_in_a_condition_is_a_mistake() {
    assertThatThrownBy(() -> new ExpressionParser("d = 3", true).whole())
        .hasMessage("write == for =");
  }

  @Test
  void very_long_and_very_deep_texts_are_refused() {
    assertThatThrownBy(() -> Expression.parse("1+".repeat(1100) + "1"))
        .hasMessageContaining("longer than 2000");
    assertThatThrownBy(() -> Expression.parse("(".repeat(500) + "1" + ")".repeat(500)))
        .hasMessageContaining("nested more than");
    assertThatThrownBy(() -> Expression.parse("-".repeat(500) + "1"))
        .hasMessageContaining("nested more than");
    assertThat(Expression.parse("1+".repeat(900) + "1").evaluate(Map.of())).isEqualTo(901);
  }

  @Test
  void a_name_without_a_value_is_named() {
    assertThatThrownBy(() -> Expression.parse("d * T").evaluate(Map.of("d", 1.0)))
        .hasMessageContaining("no value for 'T'; known: d");
  }

  @Test
  void a_formula_separates_symbols_from_parameters() {
    Formula formula = Formula.parse("T_plateau = C * d^alpha * (T/B)^beta", "d T B"::contains);
    assertThat(formula.threshold()).isEqualTo("plateau");
    assertThat(formula.parameters()).containsExactly("C", "alpha", "beta");
    assertThat(formula.symbols()).containsExactly("d", "T", "B");
  }

  @Test
  void the_place_of_a_mistake_counts_from_the_begin_of_the_formula() {
    assertThatThrownBy(() -> Formula.parse("T_plateau = C * * d", n -> true))
        .asInstanceOf(InstanceOfAssertFactories.type(ExpressionError.class))
        .extracting(ExpressionError::at)
        .isEqualTo(16);
  }

  @Test
  void a_formula_may_be_about_one_of_a_family_of_thresholds() {
    Formula formula = Formula.parse("T_rows.first = C * d^alpha", "d"::equals);
    assertThat(formula.threshold()).isEqualTo("rows.first");
    assertThat(formula.parameters()).containsExactly("C", "alpha");
  }

  @Test
  void a_formula_without_a_threshold_says_how_it_begins() {
    assertThatThrownBy(() -> Formula.parse("C * d", n -> true))
        .hasMessage("must begin with T_THRESHOLD =");
  }
}
