package dev.emergence.train;

import dev.emergence.model.Layout;
import dev.emergence.model.ModelParameters;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.Parameter;
import dev.emergence.spec.ParameterGroup;
import dev.emergence.spec.Rates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Parameters that follow each other and move alike.
 *
 * @param start first of them in a replica's row
 * @param size how many
 * @param rates learning rate of each replica before any schedule
 * @param weightDecay as in {@link dev.emergence.tensor.AdamOptions}
 */
record Stretch(long start, long size, List<Double> rates, double weightDecay) {

  /**
   * What moves of a model's parameters, in as few stretches as can be; frozen ones are in none.
   *
   * @param optimizers one a replica, equal but for the learning rate
   */
  static List<Stretch> of(Layout layout, List<OptimizerSpec> optimizers) {
    List<Stretch> out = new ArrayList<>();
    for (Layout.Part part : layout.parts()) {
      Parameter parameter = ModelParameters.of(part);
      Rates common = optimizers.get(0).rates();
      Optional<ParameterGroup> group = common.groupOf(parameter);
      if (group.map(ParameterGroup::frozen).orElse(false)) {
        continue;
      }
      List<Double> rates =
          optimizers.stream().map(o -> o.rates().of(parameter, o.learningRate())).toList();
      double decay =
          group.flatMap(ParameterGroup::weightDecay).orElse(optimizers.get(0).weightDecay());
      Stretch next = new Stretch(part.start(), part.size(), rates, decay);
      boolean goesOn = !out.isEmpty() && out.get(out.size() - 1).isFollowedBy(next);
      if (goesOn) {
        next = out.remove(out.size() - 1).with(next);
      }
      out.add(next);
    }
    return List.copyOf(out);
  }

  private boolean isFollowedBy(Stretch next) {
    boolean alike = rates.equals(next.rates) && weightDecay == next.weightDecay;
    return alike && start + size == next.start;
  }

  private Stretch with(Stretch next) {
    return new Stretch(start, size + next.size, rates, weightDecay);
  }
}
