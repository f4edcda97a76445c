package dev.emergence.spec;

import dev.emergence.spec.ArchitectureSpec.Readout;

/** What an architecture on a residual stream can predict of a task. */
final class StackRules {
  private StackRules() {}

  static void apply(Parts parts) {
    Prediction predicts = parts.task().predicts();
    parts
        .architecture()
        .stack()
        .map(Stack::readout)
        .filter(readout -> readout == Readout.LAST || readout == Readout.MEAN)
        .filter(readout -> !predicts.lastOnly())
        .ifPresent(readout -> oneForMany(parts, readout, predicts.scored().count()));
  }

  private static void oneForMany(Parts parts, Readout readout, int scored) {
    parts.report(
        "architecture.readout",
        Keys.word(readout)
            + " gives one prediction a sequence, but the task scores "
            + scored
            + " positions",
        "use auto or all",
        "task.kind");
  }
}
