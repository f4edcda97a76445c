package dev.emergence.task;

import dev.emergence.spec.Keys;
import dev.emergence.spec.ModularAddition;
import dev.emergence.spec.ModularAddition.Prompts;
import dev.emergence.spec.ModularAddition.Split;
import dev.emergence.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Data of {@link ModularAddition}. The split is {@link PairSplit#draw} by lane 0 of the task's
 * stream. A sequence has pair number bounded(0, n) of lane 0 among the n training pairs, in rising
 * order, or in test sets without prompts among the held-out ones; then token p, the equals sign.
 */
final class ModularAdditionSequences implements SequenceTask {
  private final ModularAddition spec;
  private final PairSplit split;
  private final boolean heldOut;

  private ModularAdditionSequences(ModularAddition spec, PairSplit split, boolean heldOut) {
    this.spec = spec;
    this.split = split;
    this.heldOut = heldOut;
  }

  static ModularAdditionSequences of(ModularAddition spec, RandomStream task) {
    return new ModularAdditionSequences(spec, PairSplit.draw(spec, task.lane(0, 0, 0)), false);
  }

  /** Which pairs are for training. */
  PairSplit split() {
    return split;
  }

  @Override
  public SequenceTask tests() {
    return new ModularAdditionSequences(spec, split, true);
  }

  @Override
  public SequenceTask prompts(String set) {
    return Keys.word(Prompts.TRAINING).equals(set)
        ? new ModularAdditionSequences(spec, split, false)
        : SequenceTask.super.prompts(set);
  }

  /** The wrong answer of a prompt is the number after the right one. */
  @Override
  public void draw(RandomStream stream, int step, int n, SequenceOut out) {
    int p = spec.modulus();
    int[] from = heldOut ? split.heldOut() : split.training();
    int pair = from[stream.lane(0, step, n).bounded(0, from.length)];
    int sum = (pair / p + pair % p) % p;
    out.token(0, pair / p);
    out.token(1, pair % p);
    out.token(2, p);
    out.target(0, sum);
    out.foil(0, (sum + 1) % p);
  }

  /** The sum needs both numbers: nothing is left out but the equals sign. */
  @Override
  public List<Attends> attends() {
    return List.of(
        new Attends("parents", new int[] {ModularAddition.LENGTH - 1}, new int[][] {{0, 1}}));
  }

  /** Who knows the training pairs by heart and nothing else is blind on the held-out ones. */
  @Override
  public List<Level> levels(String testSet) {
    int p = spec.modulus();
    List<Level> levels = new ArrayList<>();
    levels.add(new Level("oracle", "loss", 0, "adds"));
    levels.add(new Level("oracle", "accuracy", 1, "adds"));
    if (heldOut && spec.split() == Split.ORDERED) {
      double known = split.mirrored();
      String how = "the training pairs by heart, and (a, b) taken for (b, a)";
      levels.add(new Level("mirror", "loss", (1 - known) * Math.log(p), how));
      levels.add(new Level("mirror", "accuracy", known + (1 - known) / p, how));
    }
    levels.add(new Level("blind", "loss", Math.log(p), "all numbers equally likely"));
    levels.add(new Level("blind", "accuracy", 1.0 / p, "any number"));
    return List.copyOf(levels);
  }
}
