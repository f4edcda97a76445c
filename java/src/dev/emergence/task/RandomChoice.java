package dev.emergence.task;

/** Draws from a distribution over few outcomes. */
final class RandomChoice {
  private RandomChoice() {}

  /**
   * The first outcome whose probability, with those of all smaller outcomes, is above u.
   *
   * @param probabilities of the outcomes, whose sum is 1
   * @param u uniform in [0, 1)
   */
  static int of(double[] probabilities, double u) {
    double sum = 0;
    for (int outcome = 0; outcome < probabilities.length - 1; outcome++) {
      sum += probabilities[outcome];
      if (u < sum) {
        return outcome;
      }
    }
    return probabilities.length - 1;
  }
}
