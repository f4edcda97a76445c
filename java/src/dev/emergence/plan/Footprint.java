package dev.emergence.plan;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec;

/**
 * Sizes of one run, counted from its shapes. A multiply-add counts two operations; element-wise
 * work is not counted.
 *
 * @param parameters trained numbers
 * @param forwardFlops operations of the forward pass of one sequence, with the read-out shortcut of
 *     the last block
 * @param activations numbers kept of one sequence for the backward pass
 * @param flow whether the run is an integration in continuous time, of no matter in cost
 */
record Footprint(long parameters, double forwardFlops, double activations, boolean flow) {

  /** Training: parameters, gradient and two moments; activations and their gradients. */
  long memoryBytes(int batch) {
    return (long) (Float.BYTES * (4.0 * parameters + 2.0 * activations * batch));
  }

  static Footprint of(RunConfig config) {
    if (config.architecture() instanceof ArchitectureSpec.Transformer t) {
      return transformer(config.task(), t);
    }
    boolean flow = config.training().optimizer() instanceof OptimizerSpec.GradientFlow;
    if (config.task() instanceof TaskSpec.LinearRegression t) {
      double d = t.dim();
      double scores = t.sequenceLength();
      double sequence = scores * d; // a flow draws none
      return new Footprint(
          (long) (d * d + scores),
          2 * scores * d + 2 * d * d,
          (flow ? 0 : sequence) + scores + d,
          flow);
    }
    return new Footprint(1, 1, 1, flow);
  }

  private static Footprint transformer(TaskSpec task, ArchitectureSpec.Transformer t) {
    Tokens tokens = Tokens.of(task);
    double length = tokens.length();
    double width = t.embeddingDim();
    double heads = (double) t.heads() * t.headDim();
    double hidden = width * t.mlpFactor();
    boolean causal = t.attention() == ArchitectureSpec.AttentionMask.CAUSAL;
    double attention = (causal ? 2 : 4) * length * length * heads;
    double block = length * (8 * width * heads + 4 * width * hidden) + attention;
    double shortBlock =
        length * 4 * width * heads + 4 * width * heads + 4 * width * hidden + 4 * length * heads;
    boolean lastOnly = t.readout() == ArchitectureSpec.Readout.LAST;
    double readouts = t.readout() == ArchitectureSpec.Readout.ALL ? length : 1;
    double forward =
        tokens.embeddingFlops(width)
            + (t.layers() - 1) * block
            + (lastOnly ? shortBlock : block)
            + readouts * 2 * width * tokens.outputs();
    double norms =
        t.layerNorm() == ArchitectureSpec.LayerNorm.NONE ? 0 : 4 * width * t.layers() + 2 * width;
    double perBlock =
        4 * width * heads
            + 3 * heads
            + width
            + (hidden > 0 ? 2 * width * hidden + hidden + width : 0);
    double table =
        t.positionalEncoding() == ArchitectureSpec.PositionalEncoding.LEARNED ? length * width : 0;
    double parameters =
        tokens.inputs() * width
            + width
            + t.layers() * perBlock
            + norms
            + table
            + (width + 1) * tokens.outputs();
    double activations = length * (width + t.layers() * (4 * width + 5 * heads + 2 * hidden));
    return new Footprint((long) parameters, forward, activations, false);
  }

  /**
   * What a task feeds in and wants out. @param dense whether tokens are vectors, which an embedding
   * multiplies
   */
  private record Tokens(double length, double inputs, double outputs, boolean dense) {
    static Tokens of(TaskSpec task) {
      if (task instanceof TaskSpec.LinearRegression t) {
        return new Tokens(
            t.sequenceLength(), t.dim() + (t.relevantFeature() ? 1 : 0), t.dim(), true);
      }
      TaskSpec.AssociativeRecall t = (TaskSpec.AssociativeRecall) task;
      return new Tokens(2.0 * t.pairs() + 1, t.tokens(), t.tokens(), false);
    }

    double embeddingFlops(double width) {
      return dense ? 2 * length * inputs * width : 0;
    }
  }
}
