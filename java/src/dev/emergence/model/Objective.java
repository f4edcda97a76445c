package dev.emergence.model;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.Optional;

/**
 * What is minimised: half the squared distance to a vector target, summed over coordinates, or the
 * cross entropy in nats of an integer target; averaged over the batch. Where every position
 * predicts, each is compared with its sequence's target and the mean runs over positions too.
 */
public final class Objective {
  private final Backend backend;
  private final Tensor prediction;
  private final Tensor target;
  private final Tensor compared;
  private final Tensor losses;
  private final Optional<Tensor> correct;
  private final Optional<Tensor> dPrediction;
  private final boolean repeats;

  /**
   * Binds predictions to targets.
   *
   * @param scope owner of its buffers
   * @param prediction (R, B, outputs) or (R, B, L, outputs)
   * @param target (R, B, outputs), or classes (R, B) i32
   * @param gradient whether {@link #forward} leaves the gradient too
   */
  public Objective(
      Backend backend, Scope scope, Tensor prediction, Tensor target, boolean gradient) {
    this.backend = backend;
    this.repeats = prediction.rank() == 4;
    this.target = target;
    int r = prediction.replicas();
    int rows = prediction.rows();
    int outputs = prediction.dim(-1);
    boolean classes = target.dtype() == DType.I32;
    this.prediction = prediction.reshape(rows, outputs);
    if (repeats) {
      int length = prediction.dim(2);
      this.compared =
          classes
              ? scope.ints(r, target.dim(1), length)
              : scope.floats(r, target.dim(1), length, outputs);
    } else {
      this.compared = target;
    }
    this.losses = scope.floats(r, rows);
    this.correct = classes ? Optional.of(scope.floats(r, rows)) : Optional.empty();
    this.dPrediction = gradient ? Optional.of(scope.floats(prediction.shape())) : Optional.empty();
  }

  /** Losses, correctness and, if asked for, the gradient of the mean loss. */
  public void forward() {
    if (repeats) {
      backend.repeatTokens(target, compared);
    }
    int rows = prediction.dim(1);
    Optional<Tensor> d = dPrediction.map(x -> x.reshape(rows, prediction.dim(2)));
    if (correct.isPresent()) {
      backend.crossEntropy(prediction, compared.reshape(rows), losses, correct.get(), d);
    } else {
      backend.squaredError(prediction, compared.reshape(rows, prediction.dim(2)), losses, d);
    }
  }

  /**
   * Loss of each prediction: (R, B), or (R, B · L) with the positions of a sequence side by side.
   */
  public Tensor losses() {
    return losses;
  }

  /**
   * 1 where the target is the likeliest class; as {@link #losses}. Absent when targets are vectors.
   */
  public Optional<Tensor> correct() {
    return correct;
  }

  /**
   * Gradient of the mean loss, as the prediction. @throws IllegalStateException when none was asked
   * for
   */
  public Tensor dPrediction() {
    return dPrediction.orElseThrow(
        () -> new IllegalStateException("this objective was made without a gradient"));
  }
}
