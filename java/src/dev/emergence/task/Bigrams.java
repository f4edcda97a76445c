package dev.emergence.task;

import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import java.util.Arrays;

/**
 * The law of the background's words, 0 the most frequent. A word follows Zipf's law; but with
 * probability 1/2 it is one of four favourites of the word before it, which are drawn once a run
 * from Zipf's law too, so that frequencies stay about Zipf's. Favourite i of word w is made of word
 * i of lane 0, sample w, of the task's stream; a sequence takes words 2p and 2p + 1 of a lane for
 * position p.
 */
final class Bigrams {
  /** No word yet. */
  static final int NONE = -1;

  private static final int FAVOURITES = 4;

  /** Cumulative probabilities of Zipf's law. */
  private final double[] upTo;

  private final int[][] favourites;

  Bigrams(int words, double zipf, RandomStream task) {
    this.upTo = new double[words];
    double sum = 0;
    for (int r = 0; r < words; r++) {
      sum += Math.pow(r + 1.0, -zipf);
      upTo[r] = sum;
    }
    for (int r = 0; r < words; r++) {
      upTo[r] /= sum;
    }
    this.favourites = new int[words][FAVOURITES];
    for (int w = 0; w < words; w++) {
      RandomLane lane = task.lane(0, 0, w);
      for (int i = 0; i < FAVOURITES; i++) {
        favourites[w][i] = rank(lane.uniform(i));
      }
    }
  }

  private int rank(double u) {
    int found = Arrays.binarySearch(upTo, u);
    // An interval holds its lower end: a bound that is hit belongs to the next word.
    return Math.min(upTo.length - 1, found >= 0 ? found + 1 : -found - 1);
  }

  /** The word at position p. */
  int next(int before, RandomLane lane, int position) {
    if (before != NONE && lane.coin(2L * position, 1, 2)) {
      return favourites[before][lane.bounded(2L * position + 1, FAVOURITES)];
    }
    return rank(lane.uniform(2L * position + 1));
  }

  /** Zipf's law. */
  private double frequency(int word) {
    return upTo[word] - (word == 0 ? 0 : upTo[word - 1]);
  }

  /** The probability of a word after another. */
  double probability(int before, int word) {
    if (before == NONE) {
      return frequency(word);
    }
    long times = Arrays.stream(favourites[before]).filter(f -> f == word).count();
    return (frequency(word) + (double) times / FAVOURITES) / 2;
  }

  /** The probability of the likeliest word after another. */
  double best(int before) {
    double best = probability(before, 0);
    for (int i = 0; before != NONE && i < FAVOURITES; i++) {
      best = Math.max(best, probability(before, favourites[before][i]));
    }
    return best;
  }

  /**
   * The word that is likeliest after another, if one is left out.
   *
   * @param before a word
   * @param but a word that it is not; there are others
   */
  int likeliest(int before, int but) {
    // Of words that are no favourites the first is likeliest.
    int best = but == 0 ? 1 : 0;
    for (int favourite : favourites[before]) {
      if (favourite != but && probability(before, favourite) > probability(before, best)) {
        best = favourite;
      }
    }
    return best;
  }
}
