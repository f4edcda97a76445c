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
 * @param rate how their learning rate follows from a run's, before any schedule
 * @param weightDecay as in {@link dev.emergence.tensor.AdamOptions}
 */
record Stretch(long start, long size, Rates.Rule rate, double weightDecay) {

  /** What moves of a model's parameters, in as few stretches as can be; frozen ones are in none. */
  static List<Stretch> of(Layout layout, OptimizerSpec optimizer) {
    List<Stretch> out = new ArrayList<>();
    Rates common = optimizer.rates();
    for (Layout.Part part : layout.parts()) {
      Parameter parameter = ModelParameters.of(part);
      Optional<ParameterGroup> group = common.groupOf(parameter);
      if (group.map(ParameterGroup::frozen).orElse(false)) {
        continue;
      }
      double decay = group.flatMap(ParameterGroup::weightDecay).orElse(optimizer.weightDecay());
      out.add(new Stretch(part.start(), part.size(), common.ruleOf(parameter), decay));
    }
    return joined(out);
  }

  /** The same parameters in as few stretches as can be. */
  static List<Stretch> joined(List<Stretch> stretches) {
    List<Stretch> out = new ArrayList<>();
    for (Stretch next : stretches) {
      boolean goesOn = !out.isEmpty() && out.get(out.size() - 1).isFollowedBy(next);
      out.add(goesOn ? out.remove(out.size() - 1).with(next) : next);
    }
    return List.copyOf(out);
  }

  /** Whether a parameter moves with it. */
  boolean holds(Layout.Part part) {
    return start <= part.start() && part.start() + part.size() <= start + size;
  }

  /** One parameter of it. */
  Stretch only(Layout.Part part) {
    return new Stretch(part.start(), part.size(), rate, weightDecay);
  }

  private boolean isFollowedBy(Stretch next) {
    boolean alike = rate.equals(next.rate) && weightDecay == next.weightDecay;
    return alike && start + size == next.start;
  }

  private Stretch with(Stretch next) {
    return new Stretch(start, size + next.size, rate, weightDecay);
  }
}
