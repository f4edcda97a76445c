package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.spec.Condition;
import dev.emergence.spec.Keys;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.SeedsSpec;
import dev.emergence.spec.SweepSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** W203: seeds of a sweep that change nothing; equal runs would count as independent ones. */
final class SeedWarnings {
  private final Diagnostics out;
  private final Node.Mapping tree;

  SeedWarnings(Diagnostics out, Node.Mapping tree) {
    this.out = out;
    this.tree = tree;
  }

  void sweep(SweepSpec sweep, Optional<SeedsSpec> ofFile) {
    Optional<SeedsSpec> seeds = sweep.seeds().or(() -> ofFile).filter(s -> s.count() > 1);
    List<RunConfig> same =
        sweep.conditions().stream()
            .map(Condition::config)
            .filter(config -> seeds.filter(s -> !s.change(config)).isPresent())
            .toList();
    if (!same.isEmpty()) {
      String path = sweep.seeds().isPresent() ? "sweeps." + sweep.name() + ".seeds" : "seeds";
      out.report(
          Trees.nearest(tree, path + ".vary", tree.place()),
          Code.W203,
          "sweep "
              + sweep.name()
              + ": in "
              + same.size()
              + " of "
              + sweep.conditions().size()
              + " conditions nothing of what seeds vary is drawn, so all seeds give the same run",
          hint(SeedsSpec.drawn(same.get(0))));
    }
  }

  private static String hint(List<SeedsSpec.Purpose> drawn) {
    return drawn.isEmpty()
        ? "nothing at all is drawn there: one seed is enough"
        : "there "
            + drawn.stream().map(Keys::word).collect(Collectors.joining(", "))
            + " can be varied; without vary everything is";
  }
}
