package dev.emergence.tensor;

/**
 * Constants of Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019): with
 * {@code weightDecay} w, parameters are first multiplied by 1 - lr·w.
 */
public record AdamOptions(double beta1, double beta2, double eps, double weightDecay) {

  /** The same with another weight decay. */
  public AdamOptions withDecay(double decay) {
    return new AdamOptions(beta1, beta2, eps, decay);
  }
}
