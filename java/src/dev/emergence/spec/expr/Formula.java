package dev.emergence.spec.expr;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A law for emergence times, {@code T_plateau = C * d^alpha * (T/B)^beta}.
 *
 * @param threshold whose crossing times the law is about: {@code plateau}, {@code rows.first}
 * @param law the right side
 * @param parameters its free names, in the order of their first appearance
 * @param symbols its other names
 */
public record Formula(
    String threshold, Expression law, List<String> parameters, List<String> symbols) {
  private static final String LEFT = "T_";

  public Formula {
    parameters = List.copyOf(parameters);
    symbols = List.copyOf(symbols);
  }

  /**
   * Parses a formula.
   *
   * @param isSymbol which names stand for values of a configuration; all others are parameters
   * @throws ExpressionError with the place of the first mistake
   */
  public static Formula parse(String text, Predicate<String> isSymbol) {
    int equals = text.indexOf('=');
    String left = equals < 0 ? "" : text.substring(0, equals).strip();
    if (!left.startsWith(LEFT) || !left.matches("T_[A-Za-z0-9_-][A-Za-z0-9._-]*[*]?")) {
      throw new ExpressionError("must begin with T_THRESHOLD =", 0, Math.max(1, left.length()));
    }
    Expression law;
    try {
      law = Expression.parse(text.substring(equals + 1));
    } catch (ExpressionError e) {
      throw new ExpressionError(e.getMessage(), e.at() + equals + 1, e.length());
    }
    List<String> parameters = new ArrayList<>();
    List<String> symbols = new ArrayList<>();
    law.names().forEach(name -> (isSymbol.test(name) ? symbols : parameters).add(name));
    return new Formula(left.substring(LEFT.length()), law, parameters, symbols);
  }
}
