package dev.emergence.spec.expr;

import dev.emergence.spec.expr.Expression.Binary;
import dev.emergence.spec.expr.Expression.Function;
import dev.emergence.spec.expr.Expression.Name;
import dev.emergence.spec.expr.Expression.Operator;
import dev.emergence.spec.expr.Expression.Unary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A law that is linear in its parameters after taking logarithms (Zucchet et al. 2025, Eq. 23): log
 * T = offset + Σ coefficient · parameter. If a parameter is a factor of the law ({@code C}), its
 * logarithm appears in this sum. If it is in an exponent ({@code alpha} of {@code d^alpha}), it
 * appears itself. The offset and the coefficients depend on a point: the values of the symbols.
 */
public final class LogLinear {
  private final List<String> parameters;
  private final Map<String, Expression> coefficients = new LinkedHashMap<>();
  private final Set<String> factors = new LinkedHashSet<>();
  private final List<Expression> offsets = new ArrayList<>();

  private LogLinear(List<String> parameters) {
    this.parameters = parameters;
  }

  /**
   * Thrown when a formula is not linear after taking logarithms. The message says which part is
   * not.
   */
  public static final class NotLogLinear extends Exception {
    private static final long serialVersionUID = 1;

    NotLogLinear(String message) {
      super(message);
    }
  }

  /**
   * Takes the logarithm of a formula's law.
   *
   * @throws NotLogLinear when the result is not linear in the parameters; the message names the
   *     part
   */
  public static LogLinear of(Formula formula) throws NotLogLinear {
    LogLinear linear = new LogLinear(formula.parameters());
    linear.takeLog(formula.law(), new Expression.Num(1));
    return linear;
  }

  /** The parameters, in the order of the columns of {@link #row}. */
  public List<String> parameters() {
    return parameters;
  }

  /** Whether the parameter is a factor of the law. A fit then estimates its logarithm. */
  public boolean isFactor(String parameter) {
    return factors.contains(parameter);
  }

  /**
   * The coefficients at a point, one for each parameter. They may be infinite or NaN if the formula
   * has no value there.
   *
   * @param symbols the values of the symbols at the point
   */
  public double[] row(Map<String, Double> symbols) {
    return parameters.stream().mapToDouble(p -> coefficients.get(p).evaluate(symbols)).toArray();
  }

  /**
   * The part of log T at a point that contains no parameter.
   *
   * @param symbols the values of the symbols at the point
   */
  public double offset(Map<String, Double> symbols) {
    return offsets.stream().mapToDouble(o -> o.evaluate(symbols)).sum();
  }

  private boolean isFree(Expression e) {
    return e.names().stream().noneMatch(parameters::contains);
  }

  /** Adds {@code times · log(e)}, where {@code times} has no parameters. */
  private void takeLog(Expression e, Expression times) throws NotLogLinear {
    if (isFree(e)) {
      offsets.add(product(times, new Unary(Function.LOG, e)));
    } else if (e instanceof Name name) {
      add(name.name(), times, true);
    } else if (e instanceof Unary u) {
      takeLogOf(u, times);
    } else {
      takeLogOf((Binary) e, times);
    }
  }

  private void takeLogOf(Unary u, Expression times) throws NotLogLinear {
    switch (u.function()) {
      case SQRT -> takeLog(u.of(), product(times, new Expression.Num(0.5)));
      case EXP -> addLinear(u.of(), times);
      default ->
          throw new NotLogLinear(
              "the logarithm of '" + Printer.print(u) + "' is not linear in " + named(u));
    }
  }

  private void takeLogOf(Binary b, Expression times) throws NotLogLinear {
    switch (b.operator()) {
      case MULTIPLY -> {
        takeLog(b.left(), times);
        takeLog(b.right(), times);
      }
      case DIVIDE -> {
        takeLog(b.left(), times);
        takeLog(b.right(), new Unary(Function.MINUS, times));
      }
      case POWER -> power(b, times);
      case CHOOSE ->
          throw new NotLogLinear("'" + Printer.print(b) + "' counts subsets by " + named(b));
      default ->
          throw new NotLogLinear("'" + Printer.print(b) + "' is a sum that holds " + named(b));
    }
  }

  private void power(Binary b, Expression times) throws NotLogLinear {
    if (isFree(b.right())) {
      takeLog(b.left(), product(times, b.right()));
    } else if (isFree(b.left())) {
      addLinear(b.right(), product(times, new Unary(Function.LOG, b.left())));
    } else {
      throw new NotLogLinear("'" + Printer.print(b) + "' has parameters in base and exponent");
    }
  }

  /** Adds {@code times · e}, where {@code e} must be linear in the parameters. */
  private void addLinear(Expression e, Expression times) throws NotLogLinear {
    if (isFree(e)) {
      offsets.add(product(times, e));
    } else if (e instanceof Name name) {
      add(name.name(), times, false);
    } else if (e instanceof Unary u && u.function() == Function.MINUS) {
      addLinear(u.of(), new Unary(Function.MINUS, times));
    } else if (e instanceof Binary b) {
      addLinearBinary(b, times);
    } else {
      throw new NotLogLinear(
          "the exponent '" + Printer.print(e) + "' is not linear in " + named(e));
    }
  }

  private void addLinearBinary(Binary b, Expression times) throws NotLogLinear {
    boolean left = isFree(b.left());
    boolean right = isFree(b.right());
    if (b.operator() == Operator.ADD || b.operator() == Operator.SUBTRACT) {
      addLinear(b.left(), times);
      addLinear(b.right(), b.operator() == Operator.ADD ? times : new Unary(Function.MINUS, times));
    } else if (b.operator() == Operator.MULTIPLY && (left || right)) {
      addLinear(left ? b.right() : b.left(), product(times, left ? b.left() : b.right()));
    } else if (b.operator() == Operator.DIVIDE && right) {
      addLinear(b.left(), new Binary(Operator.DIVIDE, times, b.right()));
    } else {
      throw new NotLogLinear(
          "the exponent '" + Printer.print(b) + "' is not linear in " + named(b));
    }
  }

  private void add(String parameter, Expression coefficient, boolean factor) throws NotLogLinear {
    boolean other = coefficients.containsKey(parameter) && factors.contains(parameter) != factor;
    if (other) {
      throw new NotLogLinear("'" + parameter + "' is both a factor and part of an exponent");
    }
    if (factor) {
      factors.add(parameter);
    }
    coefficients.merge(parameter, coefficient, (a, b) -> new Binary(Operator.ADD, a, b));
  }

  private String named(Expression e) {
    return String.join(", ", e.names().stream().filter(parameters::contains).toList());
  }

  private static Expression product(Expression a, Expression b) {
    if (a instanceof Expression.Num n && n.value() == 1) {
      return b;
    }
    return b instanceof Expression.Num n && n.value() == 1
        ? a
        : new Binary(Operator.MULTIPLY, a, b);
  }
}
