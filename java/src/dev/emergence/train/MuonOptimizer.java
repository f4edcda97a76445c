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
  private final List<Group> groups;
  private final Tensor momentum;
  private final Combination combination;
  private final NewtonSchulz orthogonal;
  private final AdamOptimizer others;

  /** Weight matrices of one shape: a GPU then starts a few kernels for all of them. */
  private record Group(int out, int in, List<Stretch> matrices) {
    long elements() {
      return (long) matrices.size() * out * in;
    }

    long grams() {
      return (long) matrices.size() * Math.min(out, in) * Math.min(out, in);
    }
  }

  MuonOptimizer(OptimizerInputs in, OptimizerSpec.Muon spec) {
    this.in = in;
    this.spec = spec;
    List<Stretch> rest = new ArrayList<>();
    Map<List<Integer>, Group> byShape = new LinkedHashMap<>();
    for (Layout.Part part : in.parameters().layout().parts()) {
      for (Stretch stretch : in.stretches()) {
        if (stretch.holds(part)) {
          List<Stretch> own = isMatrix(part) ? group(byShape, part).matrices() : rest;
          own.add(stretch.only(part));
        }
      }
    }
    this.groups = List.copyOf(byShape.values());
    this.momentum = in.moment();
    NewtonSchulz.Largest largest = largest();
    this.combination = new Combination(in, largest.elements());
    this.orthogonal = new NewtonSchulz(in, combination, largest, spec.nsSteps());
    AdamOptions adam = new AdamOptions(spec.beta1(), spec.beta2(), spec.eps(), 0);
    this.others = new AdamOptimizer(in.of(Stretch.joined(rest)), adam);
  }

  private static boolean isMatrix(Layout.Part part) {
    return ModelParameters.of(part).role() == Parameter.Role.MATRICES && part.shape().size() == 2;
  }

  private static Group group(Map<List<Integer>, Group> byShape, Layout.Part part) {
    int out = part.shape().get(0);
    int in = part.shape().get(1);
    return byShape.computeIfAbsent(part.shape(), shape -> new Group(out, in, new ArrayList<>()));
  }

  private NewtonSchulz.Largest largest() {
    return new NewtonSchulz.Largest(
        groups.stream().mapToInt(g -> g.matrices().size()).max().orElse(1),
        groups.stream().mapToLong(Group::elements).max().orElse(1),
        groups.stream().mapToLong(Group::grams).max().orElse(1));
  }

  @Override
  public void step() {
    groups.forEach(this::move);
    others.step();
  }

  private void move(Group group) {
    NewtonSchulz.Stack update = orthogonal.room(group.matrices().size(), group.out(), group.in());
    for (int i = 0; i < group.matrices().size(); i++) {
      gather(group.matrices().get(i), update.matrix(i));
    }
    orthogonal.normalize(update, EPS);
    orthogonal.iterate(update);
    combination.scale(update.all(), factor(group));
    NewtonSchulz.Stack spare = orthogonal.spare(group.matrices().size(), group.out(), group.in());
    for (int i = 0; i < group.matrices().size(); i++) {
      descend(group.matrices().get(i), update.matrix(i), spare.matrix(i));
    }
  }

  /** The momentum's new value, and from it what becomes the update. */
  private void gather(Stretch matrix, Tensor update) {
    Tensor gradient = in.parameters().gradient().part(matrix.start(), matrix.size());
    Tensor m = momentum.part(matrix.start(), matrix.size());
    combination.add(m, spec.momentum(), gradient);
    in.backend().copy(m, update);
    if (spec.nesterov()) {
      combination.add(update, spec.momentum(), gradient);
    }
  }

  private void descend(Stretch matrix, Tensor update, Tensor decay) {
    Tensor values = in.parameters().values().part(matrix.start(), matrix.size());
    if (matrix.weightDecay() != 0) {
      in.backend().copy(values, decay);
      combination.scale(decay, matrix.weightDecay());
      in.backend().accumulate(decay, update);
    }
    combination.descend(values, update, in.rates().of(matrix));
  }

  private double factor(Group group) {
    double out = group.out();
    return spec.adjustLr() == OptimizerSpec.AdjustLr.ORIGINAL
        ? Math.sqrt(Math.max(1, out / group.in()))
        : 0.2 * Math.sqrt(Math.max(out, group.in()));
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>(others.state());
    state.put("muon.momentum", momentum);
    return state;
  }
}
