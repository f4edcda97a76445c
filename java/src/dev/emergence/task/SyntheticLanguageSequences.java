package dev.emergence.task;

import dev.emergence.spec.Keys;
import dev.emergence.spec.SyntheticLanguage;
import dev.emergence.spec.SyntheticLanguage.Capability;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Data of {@link SyntheticLanguage}. At position p outside of episodes uniform(p) of lane 0 says
 * which kind begins, if any, by the kinds' probabilities in order; else {@link Bigrams} write a
 * word from lane 1. An episode that begins at p is made of words 16 p to 16 p + 15 of lane 2: see
 * {@link #episode}. A name is used by one episode of a sequence at most; where fewer than two are
 * left, words go on. An episode may be cut by the end of the sequence.
 *
 * <p>A prompt is words, then an episode as at p = 0, so that its answer ends the sequence.
 */
final class SyntheticLanguageSequences implements SequenceTask {
  private static final int STARTS = 0;
  private static final int WORDS = 1;
  private static final int CONTENT = 2;
  private static final int MOST_DRAWS = 16;
  private static final int STRING = 8;
  private static final int LONGEST_GAP = 16;
  private static final int EXAMPLES = 400;

  private final SyntheticLanguage spec;
  private final Bigrams law;

  private SyntheticLanguageSequences(SyntheticLanguage spec, Bigrams law) {
    this.spec = spec;
    this.law = law;
  }

  static SyntheticLanguageSequences of(SyntheticLanguage spec, RandomStream task) {
    return new SyntheticLanguageSequences(
        spec, new Bigrams(spec.words().count(), spec.zipf(), task));
  }

  /** The law of the words. */
  Bigrams law() {
    return law;
  }

  @Override
  public List<Attending> attending() {
    return List.of(new Attending("parents", spec.sequenceLength() - 1, 1));
  }

  @Override
  public void draw(RandomStream stream, int step, int n, SequenceOut out) {
    put(sentence(stream, step, n), 0, out);
  }

  private Sentence sentence(RandomStream stream, int step, int n) {
    Sentence sentence = new Sentence(spec.sequenceLength());
    RandomLane starts = stream.lane(STARTS, step, n);
    RandomLane content = stream.lane(CONTENT, step, n);
    Background words = words(stream, step, n);
    Fresh names = new Fresh(spec.names());
    while (!sentence.isFull()) {
      int at = sentence.length();
      Optional<Episode> begins =
          beginning(starts.uniform(at))
              .filter(kind -> names.left() >= 2 || !named(kind))
              .map(kind -> episode(kind, content, (long) MOST_DRAWS * at, names, false));
      if (begins.isPresent()) {
        begins.get().write(sentence, words);
      } else {
        words.write(sentence);
      }
    }
    return sentence;
  }

  private Background words(RandomStream stream, int step, int n) {
    return new Background(law, spec.words().first(), stream.lane(WORDS, step, n));
  }

  private static boolean named(Capability kind) {
    return kind == Capability.REPETITION || kind == Capability.IOI;
  }

  private Optional<Capability> beginning(double u) {
    double upTo = 0;
    for (Capability kind : Capability.values()) {
      upTo += spec.episodes().of(kind);
      if (u < upTo) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /**
   * An episode, made of words w, w + 1, ... of a lane. Copy: digit i is bounded(w + i, 10).
   * Repetition: the gap is 1 + bounded(w, 16), the names are words w + 1 and w + 2. Pattern: the
   * period is 2 + bounded(w, 3); from 3 on the first letter is doubled where coin(w + 1, 1/2);
   * letter i is word w + 3 + i; it stands four times. Indirect object: the asked name stands first
   * where coin(w, 1/2); place, object, subject and asked name are words w + 1 to w + 4.
   *
   * @param asks for a prompt: a pattern ends after two periods and 1 + bounded(w + 2, period)
   *     letters
   */
  private Episode episode(Capability kind, RandomLane lane, long w, Fresh names, boolean asks) {
    return switch (kind) {
      case COPY -> {
        int[] digits = new int[STRING];
        for (int i = 0; i < STRING; i++) {
          digits[i] = lane.bounded(w + i, SyntheticLanguage.DIGITS);
        }
        yield new Episode.Copy(digits);
      }
      case REPETITION -> {
        int left = names.left();
        int gap = 1 + lane.bounded(w, LONGEST_GAP);
        yield new Episode.Repetition(names.next(lane, w + 1), names.next(lane, w + 2), left, gap);
      }
      case PATTERN -> pattern(lane, w, asks);
      case IOI -> {
        int left = names.left();
        int place = spec.places().first() + lane.bounded(w + 1, spec.places().count());
        int object = spec.objects().first() + lane.bounded(w + 2, spec.objects().count());
        int subject = names.next(lane, w + 3);
        yield new Episode.IndirectObject(
            names.next(lane, w + 4), subject, lane.coin(w, 1, 2), place, object, left, spec);
      }
    };
  }

  private Episode pattern(RandomLane lane, long w, boolean asks) {
    int period = 2 + lane.bounded(w, 3);
    boolean doubled = period > 2 && lane.coin(w + 1, 1, 2);
    Fresh letters = new Fresh(spec.words());
    int[] word = new int[period];
    for (int i = 0; i < period; i++) {
      word[i] = doubled && i == 1 ? word[0] : letters.next(lane, w + 3 + i);
    }
    int length = asks ? 2 * period + 1 + lane.bounded(w + 2, period) : 4 * period;
    return new Episode.Pattern(word, spec.words().count(), length);
  }

  /**
   * @param from the first token that is to be predicted
   */
  private void put(Sentence sentence, int from, SequenceOut out) {
    int[] tokens = sentence.tokens();
    for (int p = 0; p < tokens.length; p++) {
      out.token(p, tokens[p]);
    }
    for (int q = 0; q < tokens.length - 1; q++) {
      boolean asked = q + 1 >= from;
      int parent = sentence.parent(q + 1);
      out.target(q, asked ? tokens[q + 1] : -1);
      out.foil(q, asked ? sentence.foil(q + 1) : -1);
      if (asked && parent >= 0) {
        out.attends(0, q, q, parent);
      }
    }
  }

  @Override
  public SequenceTask prompts(String set) {
    for (Capability kind : Capability.values()) {
      if (Keys.word(kind).equals(set)) {
        return new Prompts(kind);
      }
    }
    return SequenceTask.super.prompts(set);
  }

  /** Words, then an episode whose end is asked for. */
  private final class Prompts implements SequenceTask {
    private final Capability kind;

    Prompts(Capability kind) {
      this.kind = kind;
    }

    @Override
    public List<Attending> attending() {
      return SyntheticLanguageSequences.this.attending();
    }

    @Override
    public void draw(RandomStream stream, int step, int n, SequenceOut out) {
      Sentence sentence = new Sentence(spec.sequenceLength());
      Background words = words(stream, step, n);
      Fresh names = new Fresh(spec.names());
      Episode asks = episode(kind, stream.lane(CONTENT, step, n), 0, names, true);
      while (sentence.length() < spec.sequenceLength() - asks.length()) {
        words.write(sentence);
      }
      asks.write(sentence, words);
      put(sentence, spec.sequenceLength() - asks.answers(), out);
    }

    @Override
    public List<Level> levels(String testSet) {
      return PromptLevels.of(spec, kind);
    }
  }

  /**
   * The oracle is told which episode each token belongs to, so that no model can do better. Its
   * numbers are means over 400 sequences of a stream that no run draws from.
   */
  @Override
  public List<Level> levels(String testSet) {
    RandomStream stream = LevelEstimates.stream();
    double loss = 0;
    double hits = 0;
    for (int n = 0; n < EXAMPLES; n++) {
      Sentence example = sentence(stream, 0, n);
      loss += example.surprise();
      hits += example.foreseen();
    }
    int targets = EXAMPLES * (spec.sequenceLength() - 1);
    String best =
        "what the rules leave open, for one who is told which episode a token belongs to"
            + " (estimated)";
    List<Level> levels = new ArrayList<>();
    levels.add(new Level("oracle", "loss", loss / targets, best));
    levels.add(new Level("oracle", "accuracy", hits / targets, best));
    levels.addAll(PromptLevels.blind(spec));
    return List.copyOf(levels);
  }
}
