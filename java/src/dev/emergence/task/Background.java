package dev.emergence.task;

import dev.emergence.tensor.RandomLane;

/** The words of one sequence outside of episodes. They go on after an episode as if it were not. */
final class Background {
  private final Bigrams law;
  private final int firstToken;
  private final RandomLane lane;
  private int before = Bigrams.NONE;

  /**
   * @param firstToken token of word 0
   */
  Background(Bigrams law, int firstToken, RandomLane lane) {
    this.law = law;
    this.firstToken = firstToken;
    this.lane = lane;
  }

  /** Writes the next word. */
  void write(Sentence to) {
    int word = law.next(before, lane, to.length());
    to.drawn(firstToken + word, law.probability(before, word), law.best(before));
    before = word;
  }
}
