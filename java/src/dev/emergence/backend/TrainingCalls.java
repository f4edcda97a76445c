package dev.emergence.backend;

import dev.emergence.backend.Em.em_adam_args;
import dev.emergence.backend.Em.em_advance_args;
import dev.emergence.backend.Em.em_clip_gradient_args;
import dev.emergence.backend.Em.em_cross_entropy_args;
import dev.emergence.backend.Em.em_learning_rate_args;
import dev.emergence.backend.Em.em_mean_args;
import dev.emergence.backend.Em.em_sgd_args;
import dev.emergence.backend.Em.em_squared_error_args;
import dev.emergence.backend.Em.em_watch_args;
import dev.emergence.tensor.AdamOptions;
import dev.emergence.tensor.LearningRate;
import dev.emergence.tensor.Moments;
import dev.emergence.tensor.Tensor;
import dev.emergence.tensor.TrainingShapes;
import java.util.Optional;

/** Losses, optimisers and counters; see {@link ArithmeticCalls}. */
final class TrainingCalls {
  private final NativeContext context;
  private final em_squared_error_args squaredError = new em_squared_error_args();
  private final em_cross_entropy_args crossEntropy = new em_cross_entropy_args();
  private final em_mean_args mean = new em_mean_args();
  private final em_clip_gradient_args clipGradient = new em_clip_gradient_args();
  private final em_advance_args advance = new em_advance_args();
  private final em_learning_rate_args learningRate = new em_learning_rate_args();
  private final em_adam_args adam = new em_adam_args();
  private final em_sgd_args sgd = new em_sgd_args();
  private final em_watch_args watch = new em_watch_args();

  TrainingCalls(NativeContext context) {
    this.context = context;
  }

  void squaredError(Tensor prediction, Tensor target, Tensor loss, Optional<Tensor> dPrediction) {
    TrainingShapes.squaredError(prediction, target, loss, dPrediction);
    context.put(squaredError.prediction(), prediction);
    context.put(squaredError.target(), target);
    context.put(squaredError.loss(), loss);
    context.put(squaredError.d_prediction(), dPrediction);
    squaredError
        .replicas(prediction.replicas())
        .rows(prediction.rows())
        .columns(prediction.dim(-1));
    context.check(
        "squaredError",
        Em.em_squared_error(context.handle(), squaredError),
        prediction,
        target,
        loss);
  }

  void crossEntropy(
      Tensor logits, Tensor target, Tensor loss, Tensor correct, Optional<Tensor> dLogits) {
    TrainingShapes.crossEntropy(logits, target, loss, correct, dLogits);
    context.put(crossEntropy.logits(), logits);
    context.put(crossEntropy.target(), target);
    context.put(crossEntropy.loss(), loss);
    context.put(crossEntropy.correct(), correct);
    context.put(crossEntropy.d_logits(), dLogits);
    crossEntropy.replicas(logits.replicas()).rows(logits.rows()).classes(logits.dim(-1));
    context.check(
        "crossEntropy", Em.em_cross_entropy(context.handle(), crossEntropy), logits, target, loss);
  }

  /**
   * @param target whose scored elements count; absent: all count
   */
  void mean(Tensor x, Optional<Tensor> target, Tensor out) {
    target.ifPresentOrElse(
        t -> TrainingShapes.meanScored(x, t, out), () -> TrainingShapes.mean(x, out));
    context.put(mean.x(), x);
    context.put(mean.target(), target);
    context.put(mean.out(), out);
    mean.replicas(x.replicas()).elements(x.perReplica());
    context.check("mean", Em.em_mean(context.handle(), mean), x, out);
  }

  void clipGradient(Tensor gradient, double maxNorm, Tensor norm) {
    TrainingShapes.clipGradient(gradient, maxNorm, norm);
    context.put(clipGradient.gradient(), gradient);
    context.put(clipGradient.norm(), norm);
    clipGradient.replicas(gradient.replicas()).elements(gradient.perReplica()).max_norm(maxNorm);
    context.check(
        "clipGradient", Em.em_clip_gradient(context.handle(), clipGradient), gradient, norm);
  }

  void advance(Tensor step, Tensor stoppedAt) {
    TrainingShapes.advance(step, stoppedAt);
    context.put(advance.step(), step);
    context.put(advance.stopped_at(), stoppedAt);
    advance.replicas(step.replicas());
    context.check("advance", Em.em_advance(context.handle(), advance), step, stoppedAt);
  }

  void learningRate(LearningRate schedule, Tensor step, Tensor base, Tensor out) {
    TrainingShapes.learningRate(step, base, out);
    context.put(learningRate.step(), step);
    context.put(learningRate.base(), base);
    context.put(learningRate.out(), out);
    learningRate
        .replicas(step.replicas())
        .warmup_steps(schedule.warmupSteps())
        .decay_steps(schedule.decaySteps());
    learningRate.final_factor(schedule.finalFactor());
    context.check(
        "learningRate", Em.em_learning_rate(context.handle(), learningRate), step, base, out);
  }

  void adam(Moments moments, AdamOptions options) {
    TrainingShapes.adam(moments);
    context.put(adam.parameters(), moments.parameters());
    context.put(adam.gradient(), moments.gradient());
    context.put(adam.m(), moments.m());
    context.put(adam.v(), moments.v());
    context.put(adam.learning_rate(), moments.learningRate());
    context.put(adam.step(), moments.step());
    context.put(adam.stopped_at(), moments.stoppedAt());
    adam.replicas(moments.parameters().replicas()).elements(moments.parameters().perReplica());
    adam.beta1(options.beta1())
        .beta2(options.beta2())
        .eps(options.eps())
        .weight_decay(options.weightDecay());
    context.check(
        "adam", Em.em_adam(context.handle(), adam), moments.parameters(), moments.gradient());
  }

  void sgd(Moments moments, double momentum) {
    TrainingShapes.sgd(moments);
    context.put(sgd.parameters(), moments.parameters());
    context.put(sgd.gradient(), moments.gradient());
    context.put(sgd.m(), moments.m());
    context.put(sgd.learning_rate(), moments.learningRate());
    context.put(sgd.stopped_at(), moments.stoppedAt());
    sgd.replicas(moments.parameters().replicas())
        .elements(moments.parameters().perReplica())
        .momentum(momentum);
    context.check(
        "sgd", Em.em_sgd(context.handle(), sgd), moments.parameters(), moments.gradient());
  }

  void watch(Tensor loss, Tensor step, Tensor stoppedAt) {
    TrainingShapes.watch(loss, step, stoppedAt);
    context.put(watch.loss(), loss);
    context.put(watch.step(), step);
    context.put(watch.stopped_at(), stoppedAt);
    watch.replicas(loss.replicas());
    context.check("watch", Em.em_watch(context.handle(), watch), loss, step, stoppedAt);
  }
}
