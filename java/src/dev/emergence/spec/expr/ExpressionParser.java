package dev.emergence.spec.expr;

import dev.emergence.spec.expr.Expression.Binary;
import dev.emergence.spec.expr.Expression.Function;
import dev.emergence.spec.expr.Expression.Name;
import dev.emergence.spec.expr.Expression.Num;
import dev.emergence.spec.expr.Expression.Operator;
import dev.emergence.spec.expr.Expression.Unary;
import dev.emergence.spec.expr.Expression.Word;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recursive descent over the grammar of {@link Expression}. Length and depth are bounded, so that
 * no text can exhaust the stack.
 */
final class ExpressionParser {
  static final int LONGEST = 2000;
  static final int DEEPEST = 60;

  private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?");
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");
  private static final String QUOTES = "'\"";
  private static final Map<String, Function> FUNCTIONS =
      Map.of("sqrt", Function.SQRT, "log", Function.LOG, "exp", Function.EXP);
  private static final List<Operator> COMPARISONS =
      List.of(
          Operator.LESS_OR_EQUAL,
          Operator.GREATER_OR_EQUAL,
          Operator.EQUAL,
          Operator.NOT_EQUAL,
          Operator.LESS,
          Operator.GREATER);

  private final String text;
  private final boolean condition;
  private int at;
  private int depth;

  ExpressionParser(String text, boolean condition) {
    this.text = text;
    this.condition = condition;
    if (text.length() > LONGEST) {
      throw new ExpressionError("longer than " + LONGEST + " characters", 0, 1);
    }
  }

  Expression whole() {
    Expression all = condition ? or() : sum();
    skip();
    if (at < text.length()) {
      throw unexpected();
    }
    return all;
  }

  private ExpressionError unexpected() {
    skip();
    if (at >= text.length()) {
      return new ExpressionError("ends too early", Math.max(0, text.length() - 1), 1);
    }
    Matcher name = NAME.matcher(text).region(at, text.length());
    if (name.lookingAt()) {
      String word = name.group();
      boolean logic = word.equals("and") || word.equals("or") || word.equals("not");
      String where =
          logic && !condition
              ? "'" + word + "' is for conditions only"
              : "an operator is missing before '" + word + "'";
      return new ExpressionError(where, at, word.length());
    }
    if (!condition && "<>=!".indexOf(text.charAt(at)) >= 0) {
      return new ExpressionError("comparisons are for conditions only", at, 1);
    }
    int width = Character.charCount(text.codePointAt(at));
    String hint =
        text.startsWith("**", at)
            ? "write ^ for **"
            : "'" + text.substring(at, at + width) + "' cannot stand here";
    return new ExpressionError(text.startsWith("=", at) ? "write == for =" : hint, at, width);
  }

  private void skip() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
      at++;
    }
  }

  private boolean sign(String sign) {
    skip();
    if (!text.startsWith(sign, at)) {
      return false;
    }
    at += sign.length();
    return true;
  }

  private boolean word(String word) {
    skip();
    int end = at + word.length();
    boolean ends =
        end >= text.length()
            || !(Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_');
    if (!text.startsWith(word, at) || !ends) {
      return false;
    }
    at = end;
    return true;
  }

  private Expression deeper(java.util.function.Supplier<Expression> part) {
    if (++depth > DEEPEST) {
      throw new ExpressionError(
          "nested more than " + DEEPEST + " deep", Math.min(at, text.length() - 1), 1);
    }
    Expression inner = part.get();
    depth--;
    return inner;
  }

  private Expression or() {
    Expression left = and();
    while (word("or")) {
      left = new Binary(Operator.OR, left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (word("and")) {
      left = new Binary(Operator.AND, left, not());
    }
    return left;
  }

  private Expression not() {
    return word("not") ? new Unary(Function.NOT, deeper(this::not)) : comparison();
  }

  private Expression comparison() {
    Expression left = sum();
    for (Operator operator : COMPARISONS) {
      if (sign(operator.sign())) {
        return new Binary(operator, left, sum());
      }
    }
    return left;
  }

  private Expression sum() {
    Expression left = product();
    while (true) {
      if (sign("+")) {
        left = new Binary(Operator.ADD, left, product());
      } else if (sign("-")) {
        left = new Binary(Operator.SUBTRACT, left, product());
      } else {
        return left;
      }
    }
  }

  private Expression product() {
    Expression left = signed();
    while (true) {
      if (!text.startsWith("**", skipped()) && sign("*")) {
        left = new Binary(Operator.MULTIPLY, left, signed());
      } else if (sign("/")) {
        left = new Binary(Operator.DIVIDE, left, signed());
      } else {
        return left;
      }
    }
  }

  private int skipped() {
    skip();
    return at;
  }

  private Expression signed() {
    return sign("-") ? new Unary(Function.MINUS, deeper(this::signed)) : power();
  }

  private Expression power() {
    Expression base = atom();
    return sign("^") ? new Binary(Operator.POWER, base, deeper(this::signed)) : base;
  }

  private Expression atom() {
    skip();
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (number.lookingAt()) {
      double value = Double.parseDouble(number.group());
      if (Double.isInfinite(value)) {
        throw new ExpressionError(
            "'" + number.group() + "' is larger than any number", at, number.group().length());
      }
      at = number.end();
      return new Num(value);
    }
    if (sign("(")) {
      Expression inner = deeper(condition ? this::or : this::sum);
      if (!sign(")")) {
        throw at >= text.length()
            ? new ExpressionError("a ( is not closed", text.length() - 1, 1)
            : unexpected();
      }
      return inner;
    }
    if (condition && at < text.length() && QUOTES.indexOf(text.charAt(at)) >= 0) {
      return quoted(text.charAt(at));
    }
    Matcher name = NAME.matcher(text).region(at, text.length());
    if (!name.lookingAt()) {
      throw unexpected();
    }
    return named(name.group(), at);
  }

  private Expression quoted(char quote) {
    int start = at;
    int end = text.indexOf(quote, start + 1);
    if (end < 0) {
      throw new ExpressionError("a " + quote + " is not closed", start, 1);
    }
    at = end + 1;
    return new Word(text.substring(start + 1, end), start);
  }

  private Expression named(String name, int start) {
    if (name.equals("and") || name.equals("or") || name.equals("not")) {
      throw new ExpressionError("a value is missing before '" + name + "'", start, name.length());
    }
    at = start + name.length();
    if (name.equals("choose")) {
      return choose(start);
    }
    Function function = FUNCTIONS.get(name);
    if (function == null) {
      if (sign("(")) {
        throw new ExpressionError(
            "unknown function '" + name + "'; known: choose exp log sqrt", start, name.length());
      }
      return new Name(name, start);
    }
    if (!sign("(")) {
      throw new ExpressionError(name + " needs ( )", start, name.length());
    }
    Expression inner = deeper(condition ? this::or : this::sum);
    if (!sign(")")) {
      throw at >= text.length()
          ? new ExpressionError("a ( is not closed", text.length() - 1, 1)
          : unexpected();
    }
    return new Unary(function, inner);
  }

  private Expression choose(int start) {
    if (!sign("(")) {
      throw new ExpressionError("choose needs ( )", start, "choose".length());
    }
    Expression all = deeper(condition ? this::or : this::sum);
    if (!sign(",")) {
      throw new ExpressionError("choose needs two values: choose(S, s)", start, "choose".length());
    }
    Expression some = deeper(condition ? this::or : this::sum);
    if (!sign(")")) {
      throw at >= text.length()
          ? new ExpressionError("a ( is not closed", text.length() - 1, 1)
          : unexpected();
    }
    return new Binary(Operator.CHOOSE, all, some);
  }
}
