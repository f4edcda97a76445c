package dev.emergence.model;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.Optional;

/**
 * What is minimised: half the squared distance to a vector target, summed over coordinates, or the
 * cross entropy in nats of an integer target; averaged over all targets of the batch that are
 * scored. A sequence has Q targets, one for each position that predicts. Where all positions
 * predict and a sequence has a single target, each position is compared with that one.
 */
public final class Objective {
  private final Backend backend;
  private final Tensor shaped;
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
   * @param prediction (R, B, outputs) or (R, B, P, outputs), P positions that predict
   * @param target (R, B, Q, outputs), or classes (R, B, Q) i32 with -1 where nothing is scored; Q
   *     is P or 1. Without the dimension Q where it is 1
   * @param gradient whether {@link #forward} leaves the gradient too
   * @throws IllegalArgumentException when there are neither P targets a sequence nor one
   */
  public Objective(
      Backend backend, Scope scope, Tensor prediction, Tensor target, boolean gradient) {
    this.backend = backend;
    int r = prediction.replicas();
    int batch = prediction.dim(1);
    int rows = prediction.rows();
    int outputs = prediction.dim(-1);
    boolean classes = target.dtype() == DType.I32;
    int predicted = rows / batch;
    long targets = target.perReplica() / (classes ? 1 : outputs);
    this.repeats = predicted > 1 && targets == batch;
    if (targets != rows && !repeats) {
      throw new IllegalArgumentException(
          predicted
              + " positions of each of "
              + batch
              + " sequences predict, so that they need as many targets or one, got "
              + target);
    }
    this.shaped = prediction;
    this.prediction = prediction.reshape(rows, outputs);
    this.target =
        !repeats ? target : classes ? target.reshape(batch) : target.reshape(batch, outputs);
    this.compared = repeats ? room(scope, predicted, outputs, classes) : target;
    this.losses = scope.floats(r, rows);
    this.correct = classes ? Optional.of(scope.floats(r, rows)) : Optional.empty();
    this.dPrediction = gradient ? Optional.of(scope.floats(prediction.shape())) : Optional.empty();
  }

  /**
   * The same predictions held against other targets, without a gradient.
   *
   * @param scope owner of its buffers
   */
  public Objective against(Scope scope, Tensor other) {
    return new Objective(backend, scope, shaped, other, false);
  }

  /** For one target of each sequence and position. */
  private Tensor room(Scope scope, int positions, int outputs, boolean classes) {
    int r = prediction.replicas();
    int batch = prediction.dim(1) / positions;
    return classes ? scope.ints(r, batch, positions) : scope.floats(r, batch, positions, outputs);
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
   * The mean over the batch of what there is one of for each prediction.
   *
   * @param values {@link #losses} or {@link #correct}
   * @param mean out: (R); 0 where nothing is scored
   */
  public void mean(Tensor values, Tensor mean) {
    if (correct.isPresent()) {
      backend.meanScored(values, compared.reshape(values.perReplica()), mean);
    } else {
      backend.mean(values, mean);
    }
  }

  /**
   * The class that each prediction is compared with, as {@link #losses}; -1 where nothing is
   * scored. Absent when targets are vectors, which are all scored.
   */
  public Optional<Tensor> classes() {
    return correct.map(c -> compared.reshape(c.perReplica()));
  }

  /** What is held against the targets: (R, B, outputs), or (R, B, P, outputs). */
  public Tensor prediction() {
    return shaped;
  }

  /** How many predictions of a replica are compared, B · P. */
  public int predictions() {
    return prediction.dim(1);
  }

  /**
   * Loss of each prediction: (R, B · P) with the positions of a sequence side by side; 0 where
   * nothing is scored.
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
   * Gradient of the mean loss, as the prediction.
   *
   * @throws IllegalStateException when none was asked for
   */
  public Tensor dPrediction() {
    return dPrediction.orElseThrow(
        () -> new IllegalStateException("this objective was made without a gradient"));
  }
}
