package dev.emergence.spec.expr;

import dev.emergence.spec.expr.Expression.Binary;
import dev.emergence.spec.expr.Expression.Function;
import dev.emergence.spec.expr.Expression.Name;
import dev.emergence.spec.expr.Expression.Num;
import dev.emergence.spec.expr.Expression.Operator;
import dev.emergence.spec.expr.Expression.Unary;
import dev.emergence.spec.expr.Expression.Word;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A condition on values: {@code d <= 64 or T <= 128}, {@code variant == adam}, {@code not
 * skip_connections and relevant_position != last}.
 *
 * <p>Numbers are compared with each other. Words are compared by {@code ==} and {@code !=} alone,
 * and may stand in quotes; without them, a name beside a symbol that is no symbol itself is a word.
 * A switch ({@code true} or {@code false}) is a condition by itself. {@code and} and {@code or}
 * look at their right side only where the left one leaves the answer open.
 */
public final class Criterion {
  private final Expression test;

  private Criterion(Expression test) {
    this.test = test;
  }

  /** The condition has no answer for some values; the message says why. */
  public static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1;

    NoAnswer(String message) {
      super(message, null, false, false);
    }
  }

  /** Values by name: Long, Double, Boolean or String. */
  @FunctionalInterface
  public interface Values {
    /** The value of a name; empty when it has none here. */
    Optional<Object> of(String name);
  }

  /**
   * A symbol that is compared with a word.
   *
   * @param at offset of the word's first character in the text
   */
  public record Comparison(String name, String word, int at) {}

  /**
   * Parses a condition.
   *
   * @param isSymbol which names have values
   * @throws ExpressionError with the place of the first mistake; a number by itself is one
   */
  public static Criterion parse(String text, Predicate<String> isSymbol) {
    Expression test = words(new ExpressionParser(text, true).whole(), isSymbol);
    requireTruth(test, text);
    return new Criterion(test);
  }

  /** Names beside == and != that are no symbols become words. */
  private static Expression words(Expression e, Predicate<String> isSymbol) {
    if (e instanceof Unary u) {
      return new Unary(u.function(), words(u.of(), isSymbol));
    }
    if (!(e instanceof Binary b)) {
      return e;
    }
    boolean equality = b.operator() == Operator.EQUAL || b.operator() == Operator.NOT_EQUAL;
    if (equality && b.left() instanceof Name l && b.right() instanceof Name r) {
      boolean left = isSymbol.test(l.name());
      boolean right = isSymbol.test(r.name());
      if (left != right) {
        return new Binary(
            b.operator(),
            left ? l : new Word(l.name(), l.at()),
            right ? r : new Word(r.name(), r.at()));
      }
    }
    return new Binary(b.operator(), words(b.left(), isSymbol), words(b.right(), isSymbol));
  }

  private static void requireTruth(Expression e, String text) {
    if (e instanceof Binary b && b.operator().isLogic()) {
      requireTruth(b.left(), text);
      requireTruth(b.right(), text);
    } else if (e instanceof Unary u && u.function() == Function.NOT) {
      requireTruth(u.of(), text);
    } else if (!(e instanceof Name) && !(e instanceof Binary b && b.operator().isComparison())) {
      throw new ExpressionError(
          "'" + e.toText() + "' is no condition: compare it with something", 0, text.length());
    }
  }

  /** The names whose values it asks for, in the order of their first appearance. */
  public Set<String> names() {
    return new LinkedHashSet<>(test.names());
  }

  /** The words in it, each with the symbol it is compared with. */
  public List<Comparison> comparisons() {
    List<Comparison> found = new ArrayList<>();
    collect(test, found);
    return found;
  }

  private static void collect(Expression e, List<Comparison> into) {
    if (e instanceof Unary u) {
      collect(u.of(), into);
    } else if (e instanceof Binary b) {
      if (b.left() instanceof Name n && b.right() instanceof Word w) {
        into.add(new Comparison(n.name(), w.text(), w.at()));
      } else if (b.left() instanceof Word w && b.right() instanceof Name n) {
        into.add(new Comparison(n.name(), w.text(), w.at()));
      }
      collect(b.left(), into);
      collect(b.right(), into);
    }
  }

  /** Whether it holds. */
  public boolean holds(Values values) throws NoAnswer {
    return truth(test, values);
  }

  private static boolean truth(Expression e, Values values) throws NoAnswer {
    if (e instanceof Unary u && u.function() == Function.NOT) {
      return !truth(u.of(), values);
    }
    if (e instanceof Name n) {
      if (value(n, values) instanceof Boolean flag) {
        return flag;
      }
      throw new NoAnswer("'" + n.name() + "' is no condition: compare it with something");
    }
    Binary b = (Binary) e;
    return switch (b.operator()) {
      case AND -> truth(b.left(), values) && truth(b.right(), values);
      case OR -> truth(b.left(), values) || truth(b.right(), values);
      default -> compared(b, values);
    };
  }

  private static boolean compared(Binary b, Values values) throws NoAnswer {
    Object left = value(b.left(), values);
    Object right = value(b.right(), values);
    boolean words = left instanceof String || right instanceof String;
    if (!words) {
      return b.operator().apply(number(left), number(right)) != 0;
    }
    if (b.operator() != Operator.EQUAL && b.operator() != Operator.NOT_EQUAL) {
      throw new NoAnswer("words are compared by == and != only");
    }
    if (left instanceof Number || right instanceof Number) {
      Expression other = left instanceof String ? b.right() : b.left();
      Object word = left instanceof String ? left : right;
      throw new NoAnswer(
          "'" + other.toText() + "' is a number and cannot be compared with '" + word + "'");
    }
    return left.toString().equals(right.toString()) == (b.operator() == Operator.EQUAL);
  }

  private static Object value(Expression e, Values values) throws NoAnswer {
    if (e instanceof Word w) {
      return w.text();
    }
    if (e instanceof Name n) {
      return values
          .of(n.name())
          .orElseThrow(() -> new NoAnswer("'" + n.name() + "' has no value here"));
    }
    double computed = computed(e, values);
    if (!Double.isFinite(computed)) {
      throw new NoAnswer("'" + e.toText() + "' is " + computed);
    }
    return computed;
  }

  private static double computed(Expression e, Values values) throws NoAnswer {
    if (e instanceof Num n) {
      return n.value();
    }
    if (e instanceof Unary u) {
      return u.function().apply(number(value(u.of(), values)));
    }
    if (e instanceof Binary b && !b.operator().isLogic() && !b.operator().isComparison()) {
      return b.operator().apply(number(value(b.left(), values)), number(value(b.right(), values)));
    }
    throw new NoAnswer("'" + e.toText() + "' is a condition and cannot be computed with");
  }

  private static double number(Object value) throws NoAnswer {
    return Paths.number(value)
        .orElseThrow(() -> new NoAnswer("'" + value + "' is a word and cannot be computed with"));
  }

  /** As text that parses to the same condition. */
  public String toText() {
    return test.toText();
  }
}
