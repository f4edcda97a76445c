package dev.emergence.train;

import dev.emergence.tensor.AdamOptions;
import dev.emergence.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam (Kingma and Ba 2015, algorithm 1), and AdamW with weight decay (Loshchilov and Hutter 2019):
 * one operation for each stretch of parameters that move alike.
 */
final class AdamOptimizer implements Optimizer {
  private final OptimizerInputs in;
  private final AdamOptions options;
  private final Tensor m;
  private final Tensor v;

  /**
   * @param options without the weight decay, which each stretch has for itself
   */
  AdamOptimizer(OptimizerInputs in, AdamOptions options) {
    this.in = in;
    this.options = options;
    this.m = in.moment();
    this.v = in.moment();
  }

  @Override
  public void step() {
    for (Stretch stretch : in.stretches()) {
      in.backend().adam(in.moments(stretch, m, v), options.withDecay(stretch.weightDecay()));
    }
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("adam.m", m);
    state.put("adam.v", v);
    return state;
  }
}
