package dev.emergence.benchmarks;

import dev.emergence.spec.TaskSpec;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The peer: libtorch on one thread. Queries, keys and values are one product, attention is {@code
 * scaled_dot_product_attention}, gradients come straight from {@code autograd::grad}, and Adam is
 * libtorch's fused one.
 */
final class TorchSide implements Side {
  private final Workload workload;
  private final Arrays32 start;
  private final TorchModel model;
  private final TorchAdam adam;
  private final Tensor map;
  private final TorchDraws draws = new TorchDraws();

  /**
   * @param shortcut whether the last block runs for the last position alone, as a peer may write it
   *     too
   */
  TorchSide(Workload workload, Arrays32 start, boolean shortcut) {
    torch.set_num_threads(1);
    torch.set_num_interop_threads(1);
    this.workload = workload;
    this.start = start;
    this.model = new TorchModel(workload.model(), start, workload.predicts(), shortcut);
    this.adam = new TorchAdam(model.parameters(), Workload.LEARNING_RATE);
    int d = workload.config().task() instanceof TaskSpec.LinearRegression r ? r.dim() : 1;
    this.map = torch.randn(d, d);
  }

  @Override
  public double[] losses() {
    double[] losses = new double[Start.BATCHES];
    for (int i = 0; i < losses.length; i++) {
      try (PointerScope scope = new PointerScope()) {
        Arrays32.Entry input = start.of(Start.input(i + 1));
        Arrays32.Entry target = start.of(Start.target(i + 1));
        Tensor x = Tensor.create(input.values(), input.shape());
        Tensor y = Tensor.create(target.values(), target.shape());
        boolean discrete = workload.predicts().discrete();
        losses[i] =
            step(discrete ? x.to(ScalarType.Long) : x, discrete ? y.to(ScalarType.Long) : y)
                .item_float();
      }
    }
    return losses;
  }

  @Override
  public void step() {
    try (PointerScope scope = new PointerScope()) {
      if (workload.config().task() instanceof TaskSpec.AssociativeRecall recall) {
        stepOnRecall(recall.pairs(), recall.tokens());
      } else if (workload.config().task() instanceof TaskSpec.LinearRegression regression) {
        stepOnRegression(regression.sequenceLength(), regression.dim());
      } else {
        Tensor tokens = draws.tokens(workload.config().task(), workload.batch());
        step(tokens, tokens.narrow(1, 1, tokens.size(1) - 1));
      }
    }
  }

  private Tensor step(Tensor input, Tensor target) {
    Tensor loss = model.loss(input, target);
    TensorVector gradients = torch.grad(new TensorVector(loss), model.parameters());
    adam.step(gradients);
    return loss;
  }

  private void stepOnRegression(long length, long d) {
    Tensor x;
    Tensor y;
    try (AutoGradMode none = new AutoGradMode(false)) {
      Scalar scale = new Scalar(1 / Math.sqrt(d));
      Tensor noise = torch.randn(workload.batch(), length, d).mul_(scale);
      Tensor relevant = torch.randn(workload.batch(), d).mul_(scale);
      Tensor place = torch.randint(length, new long[] {workload.batch()});
      Tensor mark = torch.one_hot(place, length).unsqueeze(2);
      Tensor tokens = torch.where(mark.to(ScalarType.Bool), relevant.unsqueeze(1), noise);
      x = torch.cat(new TensorVector(tokens, mark.to(ScalarType.Float)), 2);
      y = torch.linear(relevant, map, new TensorOptional());
    }
    step(x, y);
  }

  private void stepOnRecall(long pairs, long vocabulary) {
    Tensor tokens;
    Tensor target;
    try (AutoGradMode none = new AutoGradMode(false)) {
      Tensor keys = torch.rand(workload.batch(), vocabulary).argsort().narrow(1, 0, pairs);
      Tensor values = torch.rand(workload.batch(), vocabulary).argsort().narrow(1, 0, pairs);
      Tensor slot = torch.randint(pairs, new long[] {workload.batch(), 1});
      Tensor list =
          torch.stack(new TensorVector(keys, values), 2).reshape(workload.batch(), 2 * pairs);
      tokens = torch.cat(new TensorVector(list, keys.gather(1, slot)), 1);
      target = values.gather(1, slot).squeeze(1);
    }
    step(tokens, target);
  }

  @Override
  public double sgemm() {
    try (PointerScope scope = new PointerScope();
        AutoGradMode none = new AutoGradMode(false)) {
      Tensor a = torch.randn(Operations.SGEMM_ROWS, Operations.SGEMM_DEPTH);
      Tensor b = torch.randn(Operations.SGEMM_DEPTH, Operations.SGEMM_DEPTH);
      Tensor c = torch.empty(Operations.SGEMM_ROWS, Operations.SGEMM_DEPTH);
      return Operations.sgemmRate(() -> torch.mm_out(c, a, b));
    }
  }

  @Override
  public void close() {
    // libtorch's memory goes with the process.
  }
}
