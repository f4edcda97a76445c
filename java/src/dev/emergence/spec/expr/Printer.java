package dev.emergence.spec.expr;

import dev.emergence.spec.expr.Expression.Binary;
import dev.emergence.spec.expr.Expression.Function;
import dev.emergence.spec.expr.Expression.Name;
import dev.emergence.spec.expr.Expression.Num;
import dev.emergence.spec.expr.Expression.Operator;
import dev.emergence.spec.expr.Expression.Unary;
import dev.emergence.spec.expr.Expression.Word;
import java.math.BigDecimal;
import java.util.Locale;

/** Expressions as text that parses to the same expression. */
final class Printer {
  private static final int ATOM = 9;

  private Printer() {}

  static String print(Expression e) {
    if (e instanceof Num n) {
      boolean whole = n.value() == Math.rint(n.value()) && Math.abs(n.value()) < 1e15;
      return whole
          ? String.valueOf((long) n.value())
          : BigDecimal.valueOf(n.value()).toString().toLowerCase(Locale.ROOT);
    }
    if (e instanceof Name n) {
      return n.name();
    }
    if (e instanceof Word w) {
      return w.text().indexOf('\'') < 0 ? "'" + w.text() + "'" : '"' + w.text() + '"';
    }
    if (e instanceof Unary u) {
      return switch (u.function()) {
        case MINUS -> "-" + within(u.of(), strength(u));
        case NOT -> "not " + within(u.of(), strength(u));
        default -> u.function().name().toLowerCase(Locale.ROOT) + "(" + print(u.of()) + ")";
      };
    }
    Binary b = (Binary) e;
    if (b.operator() == Operator.CHOOSE) {
      return "choose(" + print(b.left()) + ", " + print(b.right()) + ")";
    }
    int own = strength(b);
    boolean power = b.operator() == Operator.POWER;
    boolean comparison = own == 4;
    String left = within(b.left(), power || comparison ? own + 1 : own);
    String right = within(b.right(), power ? strength(new Unary(Function.MINUS, b)) : own + 1);
    boolean tight = power || b.operator() == Operator.DIVIDE;
    return left + (tight ? b.operator().sign() : " " + b.operator().sign() + " ") + right;
  }

  private static String within(Expression e, int least) {
    return strength(e) < least ? "(" + print(e) + ")" : print(e);
  }

  /** How tightly an expression holds together, as the grammar has it. */
  private static int strength(Expression e) {
    if (e instanceof Unary u) {
      return u.function() == Function.MINUS ? 7 : u.function() == Function.NOT ? 3 : ATOM;
    }
    if (!(e instanceof Binary b)) {
      return ATOM;
    }
    return switch (b.operator()) {
      case OR -> 1;
      case AND -> 2;
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL -> 4;
      case ADD, SUBTRACT -> 5;
      case MULTIPLY, DIVIDE -> 6;
      case POWER -> 8;
      case CHOOSE -> ATOM;
    };
  }
}
