package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.spec.SeedsSpec;
import dev.emergence.spec.SweepSpec;
import java.util.Optional;

/** W203: seeds of a sweep that change nothing; equal runs would count as independent ones. */
final class SeedWarnings {
  private final Diagnostics out;
  private final Node.Mapping tree;

  SeedWarnings(Diagnostics out, Node.Mapping tree) {
    this.out = out;
    this.tree = tree;
  }

  void sweep(SweepSpec sweep, Optional<SeedsSpec> ofFile) {
    Optional<SeedsSpec> seeds = sweep.seeds().or(() -> ofFile);
    boolean same =
        seeds.filter(s -> s.count() > 1).isPresent()
            && sweep.conditions().stream().anyMatch(c -> !seeds.get().change(c.config()));
    if (same) {
      String path = sweep.seeds().isPresent() ? "sweeps." + sweep.name() + ".seeds" : "seeds";
      out.report(
          Trees.nearest(tree, path + ".vary", tree.place()),
          Code.W203,
          "sweep "
              + sweep.name()
              + ": nothing of what seeds vary is drawn, so all seeds give the same run",
          "vary data or init too, or leave vary out");
    }
  }
}
