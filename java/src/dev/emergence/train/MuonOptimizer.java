package dev.emergence.train;

import dev.emergence.model.Layout;
import dev.emergence.model.ModelParameters;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.Parameter;
import dev.emergence.tensor.AdamOptions;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Muon (Jordan et al. 2024) for the weight matrices inside the blocks, AdamW for all else: G of a
 * matrix becomes M ← μ M + G, U = G + μ M (Nesterov; else U = M), X = U / max(|U|, 1e-7), X with
 * its singular values near 1 by {@link NewtonSchulz}, and W ← (1 - lr·w) W - lr·s·X with s of the
 * file's {@code adjust_lr}.
 */
final class MuonOptimizer implements Optimizer {
  private static final double EPS = 1e-7;

  private final OptimizerInputs in;
  private final OptimizerSpec.Muon spec;
  private final List<Matrix> matrices = new ArrayList<>();
  private final Tensor momentum;
  private final Combination combination;
  private final NewtonSchulz orthogonal;
  private final AdamOptimizer others;

  /** A weight matrix with what moves it. */
  private record Matrix(Stretch stretch, int out, int in) {}

  MuonOptimizer(OptimizerInputs in, OptimizerSpec.Muon spec) {
    this.in = in;
    this.spec = spec;
    List<Stretch> rest = new ArrayList<>();
    for (Layout.Part part : in.parameters().layout().parts()) {
      for (Stretch stretch : in.stretches()) {
        if (stretch.holds(part)) {
          sort(part, stretch.only(part), rest);
        }
      }
    }
    this.momentum = in.moment();
    int largest = matrices.stream().mapToInt(m -> m.out() * m.in()).max().orElse(1);
    int shorter = matrices.stream().mapToInt(m -> Math.min(m.out(), m.in())).max().orElse(1);
    this.combination = new Combination(in, largest);
    this.orthogonal = new NewtonSchulz(in, combination, largest, shorter, spec.nsSteps());
    AdamOptions adam = new AdamOptions(spec.beta1(), spec.beta2(), spec.eps(), 0);
    this.others = new AdamOptimizer(in.of(Stretch.joined(rest)), adam);
  }

  private void sort(Layout.Part part, Stretch own, List<Stretch> rest) {
    boolean matrix =
        ModelParameters.of(part).role() == Parameter.Role.MATRICES && part.shape().size() == 2;
    if (matrix) {
      matrices.add(new Matrix(own, part.shape().get(0), part.shape().get(1)));
    } else {
      rest.add(own);
    }
  }

  @Override
  public void step() {
    matrices.forEach(this::move);
    others.step();
  }

  private void move(Matrix matrix) {
    Stretch stretch = matrix.stretch();
    Tensor gradient = in.parameters().gradient().part(stretch.start(), stretch.size());
    Tensor m = momentum.part(stretch.start(), stretch.size());
    combination.add(m, spec.momentum(), gradient);
    Tensor update = orthogonal.room(matrix.out(), matrix.in());
    in.backend().copy(m, update);
    if (spec.nesterov()) {
      combination.add(update, spec.momentum(), gradient);
    }
    orthogonal.normalize(update, EPS);
    orthogonal.iterate(update);
    Tensor values = in.parameters().values().part(stretch.start(), stretch.size());
    combination.scale(update, factor(matrix));
    if (stretch.weightDecay() != 0) {
      Tensor decay = orthogonal.spare(matrix.out(), matrix.in());
      in.backend().copy(values, decay);
      combination.scale(decay, stretch.weightDecay());
      in.backend().accumulate(decay, update);
    }
    combination.descend(values, update, in.rates().of(stretch));
  }

  private double factor(Matrix matrix) {
    double out = matrix.out();
    return spec.adjustLr() == OptimizerSpec.AdjustLr.ORIGINAL
        ? Math.sqrt(Math.max(1, out / matrix.in()))
        : 0.2 * Math.sqrt(Math.max(out, matrix.in()));
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>(others.state());
    state.put("muon.momentum", momentum);
    return state;
  }
}
