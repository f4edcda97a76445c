package dev.emergence.train;

import dev.emergence.tensor.AdamOptions;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Moments;
import dev.emergence.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam (Kingma and Ba 2015, algorithm 1), and AdamW with a weight decay (Loshchilov and Hutter
 * 2019) on every parameter.
 */
final class AdamOptimizer implements Optimizer {
  private final Backend backend;
  private final Moments moments;
  private final AdamOptions options;

  AdamOptimizer(OptimizerInputs in, AdamOptions options) {
    this.backend = in.backend();
    this.options = options;
    this.moments =
        new Moments(
            in.parameters().values(),
            in.parameters().gradient(),
            in.moment(),
            in.moment(),
            in.learningRate(),
            in.step(),
            in.stoppedAt());
  }

  @Override
  public void step() {
    backend.adam(moments, options);
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("adam.m", moments.m());
    state.put("adam.v", moments.v());
    return state;
  }
}
