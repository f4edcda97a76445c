package dev.emergence.execute;

import dev.emergence.spec.ArchitectureSpec;
import java.util.Map;
import java.util.function.Function;

/** The catalog of ways in which a result comes about: one line for each that is not a training. */
final class Runners {
  private static final Map<Class<? extends ArchitectureSpec>, Function<Site, Runner>> INTEGRATED =
      Map.of(ArchitectureSpec.Toy.class, ToyRunner::new);

  private Runners() {}

  /**
   * Whether runs of this architecture need a device. The toy model does when it is trained on
   * samples.
   */
  static boolean isTrained(ArchitectureSpec architecture) {
    boolean samples =
        architecture instanceof ArchitectureSpec.Toy toy
            && toy.dynamics() == ArchitectureSpec.Dynamics.SGD;
    return samples || !INTEGRATED.containsKey(architecture.getClass());
  }

  /** The runner of an architecture that needs no device. */
  static Runner integrated(ArchitectureSpec architecture, Site site) {
    return INTEGRATED.get(architecture.getClass()).apply(site);
  }
}
