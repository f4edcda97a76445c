package org.example.copytoken;

import dev.emergence.spec.Key;
import dev.emergence.spec.Kind;
import dev.emergence.spec.Loss;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.TaskSpec;

/** Uniform tokens; the class is the token at one place, which is drawn once a run. */
@Kind(
    value = "copy_token",
    doc = "Predict the token at a place that is the same in every sequence.")
public record CopyToken(
    @Key(doc = "Tokens in a sequence.", symbol = "T", min = 1, max = 65536) int length,
    @Key(doc = "Size of the vocabulary.", symbol = "V", min = 2, max = 65536, value = "8")
        int vocabulary)
    implements TaskSpec {

  @Override
  public Prediction predicts() {
    return Prediction.ofLast(length, vocabulary, true, vocabulary, Loss.CROSS_ENTROPY);
  }
}
