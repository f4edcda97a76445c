package dev.emergence.fit;

/** The points at hand do not decide the parameters; becomes {@link FitResult.Refused}. */
final class NotIdentifiable extends Exception {
  private static final long serialVersionUID = 1;
  private final double condition;

  NotIdentifiable(String reason, double condition) {
    super(reason, null, false, false);
    this.condition = condition;
  }

  double condition() {
    return condition;
  }
}
