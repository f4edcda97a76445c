package dev.emergence.spec.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogLinearTest {
  private static final Map<String, Double> POINT =
      Map.of("d", 5.0, "T", 17.0, "B", 3.0, "p", 0.2, "layers", 2.0);

  private static Formula formula(String law) {
    return Formula.parse("T_plateau = " + law, Set.of("d", "T", "B", "p", "layers")::contains);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "C * d^alpha * (T/B)^beta",
        "C * (sqrt(d) * T / sqrt(p^2*d + (1-p)^2))^gamma",
        "C * d^alpha * T^beta * layers^gamma",
        "2 * C^2 / d^(2*alpha - 1) * exp(gamma*p + 0.3)",
        "sqrt(C * T^beta) * T^beta / (3 + d)",
        "exp(-gamma) * (C*T)^(B+1)",
        "C * d^(alpha/2 + beta) * T^(B*gamma)",
      })
  void the_linear_form_is_the_logarithm_of_the_formula(String law) throws Exception {
    Formula formula = formula(law);
    LogLinear linear = LogLinear.of(formula);
    Map<String, Double> values = new LinkedHashMap<>(POINT);
    Map<String, Double> parameters = Map.of("C", 1.7, "alpha", 0.9, "beta", -0.4, "gamma", 0.31);
    values.putAll(parameters);
    double log = linear.offset(POINT);
    double[] row = linear.row(POINT);
    for (int i = 0; i < row.length; i++) {
      double value = parameters.get(linear.parameters().get(i));
      log += row[i] * (linear.isFactor(linear.parameters().get(i)) ? Math.log(value) : value);
    }
    assertThat(log).isCloseTo(Math.log(formula.law().evaluate(values)), within(1e-12));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "C * d + D * T | 'C * d + D * T' is a sum that holds C, D",
        "C * d^alpha + 1 | 'C * d^alpha + 1' is a sum that holds C, alpha",
        "C * alpha^beta | 'alpha^beta' has parameters in base and exponent",
        "C * d^(alpha*beta) | the exponent 'alpha * beta' is not linear in alpha, beta",
        "C * d^(1/alpha) | the exponent '1/alpha' is not linear in alpha",
        "log(C) * d | the logarithm of 'log(C)' is not linear in C",
        "alpha * d^alpha | 'alpha' is both a factor and part of an exponent",
        "C * exp(sqrt(alpha)) | the exponent 'sqrt(alpha)' is not linear in alpha",
      })
  void laws_that_are_not_linear_in_logarithms_are_refused_with_the_part_at_fault(
      String law, String message) {
    assertThatThrownBy(() -> LogLinear.of(formula(law))).hasMessage(message);
  }

  @Test
  void a_factor_is_told_from_an_exponent() throws Exception {
    LogLinear linear = LogLinear.of(formula("C * d^alpha"));
    assertThat(linear.isFactor("C")).isTrue();
    assertThat(linear.isFactor("alpha")).isFalse();
  }
}
