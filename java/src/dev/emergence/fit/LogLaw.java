package dev.emergence.fit;

/** The logarithm of a law that need not be linear in anything. */
@FunctionalInterface
public interface LogLaw {
  /**
   * The natural logarithm of the predicted time.
   *
   * @param parameters their values, in the order they were declared
   * @param condition index of the condition
   * @return NaN where the law is not defined; such parameters are avoided
   */
  double log(double[] parameters, int condition);
}
