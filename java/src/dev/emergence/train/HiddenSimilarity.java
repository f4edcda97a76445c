package dev.emergence.train;

import dev.emergence.spec.OutputRecord;
import dev.emergence.spec.Parts;
import dev.emergence.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How nearly parallel hidden states are, {@code test.cosine_similarity}: the mean cosine of the
 * angle between those of two scored positions of a sequence, over all pairs, and over sequences. It
 * is near 1 under representation collapse (Gopalani and Hu 2025). As in the paper's program, they
 * are read where the last layer reads them: behind the last block, and behind the final layer norm
 * if there is one. A vector of zeros has the cosine 0 with every other.
 *
 * <p>At most 2²¹ numbers of a part are looked at: the first sequences, as many as fit.
 */
public final class HiddenSimilarity implements Probe {
  private static final String NAME = ".cosine_similarity";

  @Override
  public List<String> columns(Parts parts, String testSet) {
    return NeighbouringTargets.columns(parts, OutputRecord.COSINE_SIMILARITY, testSet + NAME);
  }

  @Override
  public Bound bind(Place place) {
    Tensor hidden =
        place
            .hidden()
            .orElseThrow(() -> new IllegalStateException("this model has no hidden states"));
    int targets = place.parts().task().predicts().scored().count();
    int width = hidden.dim(-1);
    int sequences = OutputRepetition.sequences(place, (long) targets * width);
    Tensor looked = hidden.part(0, sequences, targets, width);
    List<NeighbouringTargets> some = NeighbouringTargets.of(place.parts());
    return (means, used) -> {
      double[] units = place.backend().doubles(looked);
      normalise(units, width);
      ScoredValues scored = ScoredValues.read(place, place.objective().losses());
      for (NeighbouringTargets each : some) {
        int at = means.at(place.testSet() + NAME + each.suffix());
        for (int r = 0; r < means.replicas(); r++) {
          for (int n = 0; n < Math.min(used, sequences); n++) {
            int start = (r * sequences + n) * targets;
            int[] rows = rows(scored, r, n, each, start);
            if (rows.length > 1) {
              means.add(r, at, similarity(units, width, rows));
            }
          }
        }
      }
    };
  }

  /**
   * The vectors of the targets of a sequence that are scored.
   *
   * @param start the vector of the sequence's first target
   */
  private static int[] rows(
      ScoredValues scored, int replica, int sequence, NeighbouringTargets some, int start) {
    return IntStream.range(some.first(), some.end())
        .filter(target -> scored.isScored(replica, sequence, target))
        .map(target -> start + target)
        .toArray();
  }

  /** Scales each vector to length 1, but for zeros. */
  private static void normalise(double[] vectors, int width) {
    for (int start = 0; start < vectors.length; start += width) {
      double square = 0;
      for (int i = start; i < start + width; i++) {
        square += vectors[i] * vectors[i];
      }
      for (int i = start; i < start + width && square > 0; i++) {
        vectors[i] /= Math.sqrt(square);
      }
    }
  }

  /** Mean product of two of some vectors: the squared length of their sum has each pair twice. */
  private static double similarity(double[] units, int width, int[] rows) {
    double twice = 0;
    for (int i = 0; i < width; i++) {
      double sum = 0;
      double squares = 0;
      for (int row : rows) {
        double u = units[row * width + i];
        sum += u;
        squares += u * u;
      }
      twice += sum * sum - squares;
    }
    return twice / rows.length / (rows.length - 1);
  }
}
