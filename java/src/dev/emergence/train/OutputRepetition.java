package dev.emergence.train;

import dev.emergence.model.Objective;
import dev.emergence.spec.OutputRecord;
import dev.emergence.spec.Parts;
import dev.emergence.tensor.Tensor;
import java.util.List;

/**
 * How often a model repeats itself, {@code test.repetition}: of neighbouring scored positions of a
 * sequence the share whose likeliest class is the same (repetition bias of Gopalani and Hu 2025).
 * {@code test.repetition_targets} is the same of the right classes. Each prediction is made from
 * the right tokens before it. In the paper it is made from the prompt and what the model itself
 * said so far.
 *
 * <p>At most 2²¹ logits of a part are looked at: the first sequences, as many as fit.
 */
public final class OutputRepetition implements Probe {
  private static final String SAID = ".repetition";
  private static final String RIGHT = ".repetition_targets";
  private static final long NUMBERS = 1L << 21;

  @Override
  public List<String> columns(Parts parts, String testSet) {
    return NeighbouringTargets.columns(
        parts, OutputRecord.REPETITION, testSet + SAID, testSet + RIGHT);
  }

  /** How many sequences of a part are looked at, the first ones, if each has so many numbers. */
  static int sequences(Place place, long numbers) {
    return (int) Math.max(1, Math.min(place.sequences(), NUMBERS / numbers));
  }

  @Override
  public Bound bind(Place place) {
    Objective objective = place.objective();
    Tensor prediction = objective.prediction();
    int targets = place.parts().task().predicts().scored().count();
    int classes = prediction.dim(-1);
    int sequences = sequences(place, (long) targets * classes);
    Tensor logits = prediction.part(0, sequences, targets, classes);
    Tensor right = objective.classes().orElseThrow().part(0, sequences, targets);
    List<NeighbouringTargets> neighbours = NeighbouringTargets.of(place.parts());
    return (means, used) -> {
      int[] said = likeliest(place.backend().doubles(logits), classes);
      int[] wanted = place.backend().ints(right);
      for (int r = 0; r < means.replicas(); r++) {
        for (int n = 0; n < Math.min(used, sequences); n++) {
          int start = (r * sequences + n) * targets;
          for (NeighbouringTargets some : neighbours) {
            add(means, r, place.testSet() + SAID, some, start, said, wanted);
            add(means, r, place.testSet() + RIGHT, some, start, wanted, wanted);
          }
        }
      }
    };
  }

  /** Of equally likely classes the first. */
  private static int[] likeliest(double[] logits, int classes) {
    int[] out = new int[logits.length / classes];
    for (int row = 0; row < out.length; row++) {
      for (int c = 1; c < classes; c++) {
        boolean more = logits[row * classes + c] > logits[row * classes + out[row]];
        out[row] = more ? c : out[row];
      }
    }
    return out;
  }

  /**
   * Adds a sequence.
   *
   * @param start where it begins in both arrays
   * @param wanted -1 where nothing is scored
   */
  private static void add(
      Means means,
      int replica,
      String name,
      NeighbouringTargets some,
      int start,
      int[] named,
      int[] wanted) {
    int at = means.at(name + some.suffix());
    for (int i = start + some.first(); i < start + some.end() - 1; i++) {
      if (wanted[i] >= 0 && wanted[i + 1] >= 0) {
        means.add(replica, at, named[i] == named[i + 1] ? 1 : 0);
      }
    }
  }
}
