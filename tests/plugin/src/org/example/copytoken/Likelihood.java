package org.example.copytoken;

import dev.emergence.spec.Loss;
import dev.emergence.spec.Parts;
import dev.emergence.train.Probe;
import java.util.List;

/** The mean probability of the right class, {@code test.likelihood}. */
public final class Likelihood implements Probe {
  @Override
  public List<String> columns(Parts parts, String testSet) {
    boolean classes = parts.task().predicts().loss() == Loss.CROSS_ENTROPY;
    return classes ? List.of(testSet + ".likelihood") : List.of();
  }

  @Override
  public Bound bind(Place place) {
    return (means, used) -> {
      double[] losses = place.backend().doubles(place.objective().losses());
      int column = means.at(place.testSet() + ".likelihood");
      int ofReplica = losses.length / means.replicas();
      int ofSequence = ofReplica / place.sequences();
      for (int i = 0; i < losses.length; i++) {
        if (i % ofReplica / ofSequence < used) {
          means.add(i / ofReplica, column, Math.exp(-losses[i]));
        }
      }
    };
  }
}
