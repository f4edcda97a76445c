package dev.emergence.benchmarks;

import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch's fused Adam. The preset binds only the C++ class, which runs a loop of small operations
 * over the parameters; TorchScript reaches the fused kernel that Python's {@code fused=True} calls.
 */
final class TorchAdam {
  private static final String SOURCE =
      """
      def adam(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor], lr: float):
          torch._foreach_add_(steps, 1)
          torch._fused_adam_(p, g, m, v, [], steps, lr=lr, beta1=0.9, beta2=0.999, weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False)
      """;

  private final CompilationUnit unit = torch.compile(SOURCE);
  private final Function update = unit.find_function(new QualifiedName("adam"));
  private final IValue parameters;
  private final IValue m;
  private final IValue v;
  private final IValue steps;
  private final IValue rate;

  TorchAdam(TensorVector parameters, double rate) {
    GenericList p = list();
    GenericList first = list();
    GenericList second = list();
    GenericList counts = list();
    for (Tensor parameter : parameters.get()) {
      p.push_back(new IValue(parameter));
      first.push_back(new IValue(torch.zeros_like(parameter.detach())));
      second.push_back(new IValue(torch.zeros_like(parameter.detach())));
      counts.push_back(new IValue(torch.zeros(1)));
    }
    this.parameters = new IValue(p);
    this.m = new IValue(first);
    this.v = new IValue(second);
    this.steps = new IValue(counts);
    this.rate = new IValue(rate);
  }

  private static GenericList list() {
    return new GenericList(new Type.TypePtr(TensorType.get()));
  }

  /** One step. @param gradients in the order of the parameters */
  void step(TensorVector gradients) {
    GenericList g = list();
    for (Tensor gradient : gradients.get()) {
      g.push_back(new IValue(gradient));
    }
    try (AutoGradMode none = new AutoGradMode(false)) {
      update.apply(new IValueVector(parameters, new IValue(g), m, v, steps, rate));
    }
  }
}
