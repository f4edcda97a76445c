package dev.emergence.benchmarks;

import dev.emergence.spec.CellularAutomaton;
import dev.emergence.spec.LinearMap;
import dev.emergence.spec.TaskSpec;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The second paper's sequences, as one draws them in PyTorch. What is fixed is drawn once. */
final class TorchDraws {
  private Tensor fixed;

  /** Token sequences (B, L); every next token is a target. */
  Tensor tokens(TaskSpec task, long batch) {
    try (AutoGradMode none = new AutoGradMode(false)) {
      return task instanceof LinearMap map
          ? states(map, batch)
          : states((CellularAutomaton) task, batch);
    }
  }

  private Tensor states(LinearMap map, long batch) {
    if (fixed == null) {
      Tensor ranks = torch.rand(map.cells(), map.cells()).argsort();
      fixed = kept(ranks.lt(new Scalar(map.parents())).to(ScalarType.Float));
    }
    Tensor x = torch.randint(map.modulus(), new long[] {batch, map.cells()});
    Tensor sums = torch.matmul(x.to(ScalarType.Float), fixed.t());
    Tensor next = sums.remainder(new Scalar(map.modulus())).to(ScalarType.Long);
    return torch.cat(new TensorVector(x.to(ScalarType.Long), next), 1);
  }

  private Tensor states(CellularAutomaton task, long batch) {
    long colours = task.colours();
    long rules = task.rules().orElseThrow();
    if (fixed == null) {
      long entries = Math.round(Math.pow(colours, task.ruleWidth()));
      fixed = kept(torch.randint(colours, new long[] {rules, entries}).to(ScalarType.Long));
    }
    Tensor table =
        fixed.index_select(0, torch.randint(rules, new long[] {batch}).to(ScalarType.Long));
    Tensor x = torch.randint(colours, new long[] {batch, task.cells()}).to(ScalarType.Long);
    TensorVector states = new TensorVector(x);
    for (int state = 1; state < task.states(); state++) {
      Tensor left = torch.roll(x, new long[] {1}, new long[] {1});
      Tensor right = torch.roll(x, new long[] {-1}, new long[] {1});
      Tensor index =
          left.mul(new Scalar(colours * colours)).add(x.mul(new Scalar(colours))).add(right);
      x = table.gather(1, index);
      states.push_back(x);
    }
    return torch.cat(states, 1);
  }

  /** Outlives the scope of a step, whose temporaries are freed. */
  private static Tensor kept(Tensor tensor) {
    return tensor.retainReference();
  }
}
