package dev.emergence.spec.expr;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A parsed formula, or what a {@link Criterion} is made of. Truth is 1 and falsehood 0.
 *
 * <p>Grammar, weakest first: {@code or}; {@code and}; {@code not}; one comparison of {@code < <= >
 * >= == !=}; {@code + -}; {@code * /}; sign; {@code ^}, which groups to the right and binds tighter
 * than the sign; numbers, names, {@code sqrt log exp}, {@code choose(n, k)}, parentheses.
 */
public sealed interface Expression {

  /** A number. */
  record Num(double value) implements Expression {}

  /**
   * A symbol or a free name.
   *
   * @param at offset of its first character in the text
   */
  record Name(String name, int at) implements Expression {}

  /**
   * A word that a symbol is compared with: {@code adam} in {@code variant == adam}.
   *
   * @param at offset of its first character in the text
   */
  record Word(String text, int at) implements Expression {}

  /** Two operands. */
  record Binary(Operator operator, Expression left, Expression right) implements Expression {}

  /** One operand. */
  record Unary(Function function, Expression of) implements Expression {}

  /** What joins two operands. */
  enum Operator {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    POWER("^"),
    CHOOSE("choose"),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    EQUAL("=="),
    NOT_EQUAL("!="),
    AND("and"),
    OR("or");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    /** As written. */
    public String sign() {
      return sign;
    }

    boolean isLogic() {
      return this == AND || this == OR;
    }

    boolean isComparison() {
      return switch (this) {
        case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL -> true;
        default -> false;
      };
    }

    double apply(double a, double b) {
      return switch (this) {
        case ADD -> a + b;
        case SUBTRACT -> a - b;
        case MULTIPLY -> a * b;
        case DIVIDE -> a / b;
        case POWER -> Math.pow(a, b);
        case CHOOSE -> choose(a, b);
        case LESS -> truth(a < b);
        case LESS_OR_EQUAL -> truth(a <= b);
        case GREATER -> truth(a > b);
        case GREATER_OR_EQUAL -> truth(a >= b);
        case EQUAL -> truth(a == b);
        case NOT_EQUAL -> truth(a != b);
        case AND -> truth(a != 0 && b != 0);
        case OR -> truth(a != 0 || b != 0);
      };
    }

    /** Subsets of k among n; NaN where these are no whole numbers with 0 <= k <= n. */
    private static double choose(double n, double k) {
      if (!(k >= 0 && k <= n && n == Math.rint(n) && k == Math.rint(k))) {
        return Double.NaN;
      }
      double few = Math.min(k, n - k);
      double count = 1;
      for (int i = 1; i <= few && count < Double.POSITIVE_INFINITY; i++) {
        count = count * (n - few + i) / i;
      }
      return Math.rint(count);
    }

    private static double truth(boolean holds) {
      return holds ? 1 : 0;
    }
  }

  /** What acts on one operand. */
  enum Function {
    MINUS,
    NOT,
    SQRT,
    LOG,
    EXP;

    double apply(double x) {
      return switch (this) {
        case MINUS -> -x;
        case NOT -> x == 0 ? 1 : 0;
        case SQRT -> Math.sqrt(x);
        case LOG -> Math.log(x);
        case EXP -> Math.exp(x);
      };
    }
  }

  /**
   * Parses a formula's side: numbers, names, arithmetic.
   *
   * @throws ExpressionError with the place of the first mistake
   */
  static Expression parse(String text) {
    return new ExpressionParser(text, false).whole();
  }

  /**
   * Its value; may be infinite or NaN.
   *
   * @throws IllegalArgumentException naming a name that {@code values} does not hold
   */
  default double evaluate(Map<String, Double> values) {
    if (this instanceof Num n) {
      return n.value();
    }
    if (this instanceof Name n) {
      Double value = values.get(n.name());
      if (value == null) {
        throw new IllegalArgumentException(
            "no value for '" + n.name() + "'; known: " + String.join(", ", values.keySet()));
      }
      return value;
    }
    if (this instanceof Word w) {
      throw new IllegalArgumentException("the word '" + w.text() + "' is no number");
    }
    if (this instanceof Unary u) {
      return u.function().apply(u.of().evaluate(values));
    }
    Binary b = (Binary) this;
    return b.operator().apply(b.left().evaluate(values), b.right().evaluate(values));
  }

  /** As text that parses to the same expression. */
  default String toText() {
    return Printer.print(this);
  }

  /** The names in it, in the order of their first appearance. */
  default Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    collect(names);
    return names;
  }

  private void collect(Set<String> names) {
    if (this instanceof Name n) {
      names.add(n.name());
    } else if (this instanceof Unary u) {
      u.of().collect(names);
    } else if (this instanceof Binary b) {
      b.left().collect(names);
      b.right().collect(names);
    }
  }
}
