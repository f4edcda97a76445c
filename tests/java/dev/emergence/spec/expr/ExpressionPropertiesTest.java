package dev.emergence.spec.expr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ExpressionPropertiesTest {
  private static final Map<String, Double> VALUES = Map.of("d", 3.0, "T", 7.0, "p", 0.25);

  @Property(tries = 500)
  void a_printed_expression_parses_to_the_same_value(@ForAll("expressions") Expression expression) {
    Expression again = new ExpressionParser(expression.toText(), true).whole();
    assertThat(Double.compare(again.evaluate(VALUES), expression.evaluate(VALUES)))
        .as(expression.toText())
        .isZero();
    assertThat(again.toText()).isEqualTo(expression.toText());
  }

  @Property(tries = 1000)
  void any_text_parses_or_is_refused_with_a_place_inside_it(@ForAll("texts") String text) {
    try {
      Criterion.parse(text, name -> name.equals("d")).toText();
    } catch (ExpressionError e) {
      assertThat(e.at()).isBetween(0, Math.max(0, text.length()));
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "d", "T", " ", "(", ")", "+", "-", "*", "/", "^", "1.5", "2", "sqrt", "log(", "and",
            "or ", "not ", "<=", "<", "=", "é", "$", ".")
        .list()
        .ofMaxSize(25)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<Expression> expressions() {
    return expression(4);
  }

  private Arbitrary<Expression> expression(int depth) {
    Arbitrary<Expression> leaf =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 50).map(i -> new Expression.Num(i / 8.0)),
            Arbitraries.of(VALUES.keySet()).map(name -> new Expression.Name(name, 0)));
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<Expression> inner = Arbitraries.lazy(() -> expression(depth - 1));
    Arbitrary<Expression> binary =
        Combinators.combine(Arbitraries.of(Expression.Operator.values()), inner, inner)
            .as(Expression.Binary::new);
    Arbitrary<Expression> unary =
        Combinators.combine(Arbitraries.of(Expression.Function.values()), inner)
            .as(Expression.Unary::new);
    return Arbitraries.oneOf(leaf, binary, unary);
  }
}
