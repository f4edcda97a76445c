package dev.emergence.execute.run;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.ArchitectureSpec.Method;

/** The ways in which a result comes about. */
public final class Runners {
  private Runners() {}

  /** Whether runs of this architecture need a device. */
  public static boolean isTrained(ArchitectureSpec architecture) {
    return architecture.method() == Method.TRAINED;
  }

  /** The runner of an architecture that needs no device. */
  static Runner integrated(ArchitectureSpec architecture, Site site) {
    return switch (architecture.method()) {
      case INTEGRATED -> new ToyRunner(site);
      case TRAINED ->
          throw new IllegalArgumentException("trained on a device: " + architecture.getClass());
    };
  }
}
