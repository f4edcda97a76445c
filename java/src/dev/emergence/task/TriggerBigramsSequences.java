package dev.emergence.task;

import dev.emergence.spec.Keys;
import dev.emergence.spec.TriggerBigrams;
import dev.emergence.spec.TriggerBigrams.Choice;
import dev.emergence.spec.TriggerBigrams.Prompts;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Data of {@link TriggerBigrams}. The law of tokens is {@link Bigrams}, with lane 0 of the task's
 * stream. Triggers are {@link Triggers#draw} by lane 1 of a sequence, or of the task's stream where
 * they are fixed; outputs {@link Triggers#outputs} by lane 2; and token p, if no trigger is before
 * it, {@link Bigrams#next} by lane 0.
 *
 * <p>Prompts are sequences as in training, of which fewer tokens are asked for.
 */
final class TriggerBigramsSequences implements SequenceTask {
  private static final int TOKENS = 0;
  private static final int TRIGGERS = 1;
  private static final int OUTPUTS = 2;
  private static final int PARENTS = 0;
  private static final int PREVIOUS = 1;

  private final TriggerBigrams spec;
  private final Bigrams law;

  /** Of all sequences, if these have the same. */
  private final Optional<Triggers> fixed;

  private final Optional<Prompts> prompts;

  private TriggerBigramsSequences(
      TriggerBigrams spec, Bigrams law, Optional<Triggers> fixed, Optional<Prompts> prompts) {
    this.spec = spec;
    this.law = law;
    this.fixed = fixed;
    this.prompts = prompts;
  }

  static TriggerBigramsSequences of(TriggerBigrams spec, RandomStream task) {
    Bigrams law = new Bigrams(spec.vocabulary(), spec.zipf(), task);
    Optional<Triggers> fixed =
        spec.choice() == Choice.RANDOM
            ? Optional.empty()
            : Optional.of(triggers(spec, law, task.lane(TRIGGERS, 0, 0)));
    return new TriggerBigramsSequences(spec, law, fixed, Optional.empty());
  }

  private static Triggers triggers(TriggerBigrams spec, Bigrams law, RandomLane lane) {
    return new Triggers(spec, Triggers.draw(spec, law, lane), law);
  }

  /** The law of what follows a token that is no trigger. */
  Bigrams law() {
    return law;
  }

  @Override
  public SequenceTask prompts(String set) {
    for (Prompts each : Prompts.values()) {
      if (Keys.word(each).equals(set)) {
        return new TriggerBigramsSequences(spec, law, fixed, Optional.of(each));
      }
    }
    return SequenceTask.super.prompts(set);
  }

  /** One sequence, and how it came about. */
  Text text(RandomStream stream, int step, int n) {
    RandomLane lane = stream.lane(TOKENS, step, n);
    Triggers triggers = fixed.orElseGet(() -> triggers(spec, law, stream.lane(TRIGGERS, step, n)));
    int[] outputs = triggers.outputs(stream.lane(OUTPUTS, step, n));
    int[] x = new int[spec.sequenceLength()];
    for (int p = 0; p < x.length; p++) {
      int before = p == 0 ? Bigrams.NONE : x[p - 1];
      int k = p == 0 ? -1 : triggers.number(before);
      x[p] = k < 0 ? law.next(before, lane, p) : outputs[k];
    }
    return new Text(x, triggers);
  }

  /** Tokens and triggers of a sequence. */
  record Text(int[] x, Triggers triggers) {
    boolean isTrigger(int p) {
      return triggers.number(x[p]) >= 0;
    }

    /** Positions just behind those where the token of position p stood before. */
    int[] behind(int p) {
      return IntStream.range(0, p).filter(i -> x[i] == x[p]).map(i -> i + 1).toArray();
    }
  }

  /** Whether what follows position p is asked for. */
  boolean asks(Text text, int p) {
    return prompts
        .map(
            set ->
                switch (set) {
                  case TRIGGERS -> text.isTrigger(p) && text.behind(p).length > 0;
                  case BIGRAMS -> !text.isTrigger(p);
                })
        .orElse(true);
  }

  /** The wrong answer of a prompt is the likeliest one by the bigram law, or the next likeliest. */
  @Override
  public void draw(RandomStream stream, int step, int n, SequenceOut out) {
    Text text = text(stream, step, n);
    int[] x = text.x();
    int entry = 0;
    for (int q = 0; q < x.length; q++) {
      out.token(q, x[q]);
      if (q > 0) {
        out.attends(PREVIOUS, q - 1, q, q - 1);
      }
      if (q == x.length - 1) {
        continue;
      }
      boolean asked = asks(text, q);
      out.target(q, asked ? x[q + 1] : -1);
      out.foil(q, asked ? law.likeliest(x[q], x[q + 1]) : -1);
      if (text.isTrigger(q)) {
        int[] behind = text.behind(q);
        if (behind.length > 0) {
          out.attends(PARENTS, entry++, q, behind);
        }
      }
    }
  }

  /**
   * What followed the same trigger before, and the first step of finding it. No trigger follows
   * another, so that they are at most half of the tokens.
   */
  @Override
  public List<Attending> attending() {
    int most = spec.sequenceLength() / 2;
    return List.of(
        new Attending("parents", most, most),
        new Attending("previous", spec.sequenceLength() - 1, 1));
  }

  @Override
  public List<Level> levels(String testSet) {
    return TriggerLevels.of(spec, this);
  }
}
