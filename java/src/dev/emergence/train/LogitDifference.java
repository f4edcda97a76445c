package dev.emergence.train;

import dev.emergence.model.Objective;
import dev.emergence.spec.Parts;
import dev.emergence.tensor.Tensor;
import java.util.List;

/**
 * How much higher the right token's logit is than that of a wrong one which the prompt suggests,
 * {@code ioi.logit_difference}: the mean over all tokens that are asked for, in nats. On a sentence
 * about two names it is the indirect object's logit minus the subject's (Wang et al. 2022).
 */
public final class LogitDifference implements Probe {
  @Override
  public List<String> columns(Parts parts, String testSet) {
    return TargetProbability.ofPrompts(parts, testSet)
        ? List.of(testSet + ".logit_difference")
        : List.of();
  }

  @Override
  public Bound bind(Place place) {
    Tensor foil = place.batch().foil().orElseThrow();
    Objective wrong = place.objective().against(place.scope(), foil);
    return new Bound() {
      @Override
      public void compute() {
        wrong.forward();
      }

      @Override
      public void add(Means means, int used) {
        // A difference of logits is one of losses: both subtract the same logarithm of a sum.
        ScoredValues right = ScoredValues.read(place, place.objective().losses());
        double[] other = place.backend().doubles(wrong.losses());
        right
            .map((i, loss) -> other[i] - loss)
            .add(means, place.testSet() + ".logit_difference", used);
      }
    };
  }
}
