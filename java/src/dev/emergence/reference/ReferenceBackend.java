package dev.emergence.reference;

import dev.emergence.tensor.Activation;
import dev.emergence.tensor.AdamOptions;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.AttentionShapes;
import dev.emergence.tensor.DiagonalScan;
import dev.emergence.tensor.Draw;
import dev.emergence.tensor.FastWeights;
import dev.emergence.tensor.HeadProduct;
import dev.emergence.tensor.HostDraw;
import dev.emergence.tensor.LayerShapes;
import dev.emergence.tensor.LearningRate;
import dev.emergence.tensor.LinearRegressionDraw;
import dev.emergence.tensor.MixerShapes;
import dev.emergence.tensor.Moments;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.RecallDraw;
import dev.emergence.tensor.Rotation;
import dev.emergence.tensor.Tensor;
import dev.emergence.tensor.TokenAttention;
import dev.emergence.tensor.TokenMix;
import dev.emergence.tensor.TrainingShapes;
import java.util.Optional;

/**
 * The judge of the other backends: every operation by its definition, in double precision, one
 * plain loop after the other. Slow by design; its samplers define what the data are. Float32
 * tensors hold doubles here.
 *
 * <p>It has more than 300 lines because {@link dev.emergence.tensor.Backend} has that many
 * operations; each checks its shapes and names the class that holds its definition.
 */
public final class ReferenceBackend extends HostMemory {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String description() {
    return "reference: plain Java in double precision, Java " + Runtime.version().feature();
  }

  @Override
  public void zero(Tensor x) {
    run(() -> Memory.zero(x));
  }

  @Override
  public void copy(Tensor from, Tensor to) {
    LayerShapes.copy(from, to);
    run(() -> Memory.copy(from, to));
  }

  @Override
  public void accumulate(Tensor x, Tensor y) {
    LayerShapes.accumulate(x, y);
    run(() -> Memory.accumulate(x, y));
  }

  @Override
  public void gemm(boolean transA, boolean transB, Tensor a, Tensor b, float beta, Tensor c) {
    LayerShapes.gemm(transA, transB, a, b, c);
    run(() -> Dense.gemm(transA, transB, a, b, beta, c));
  }

  @Override
  public void biasActivation(Tensor z, Tensor bias, Activation activation, Tensor out) {
    LayerShapes.biasActivation(z, bias, out);
    run(() -> Dense.biasActivation(z, bias, activation, out));
  }

  @Override
  public void biasActivationBackward(Tensor dOut, Tensor slope, Tensor dZ, Tensor dBias) {
    LayerShapes.biasActivationBackward(dOut, slope, dZ, dBias);
    run(() -> Dense.biasActivationBackward(dOut, slope, dZ, dBias));
  }

  @Override
  public void biasResidual(Tensor y, Tensor bias, Optional<Tensor> residual, Tensor out) {
    LayerShapes.biasResidual(y, bias, residual, out);
    run(() -> Dense.biasResidual(y, bias, residual, out));
  }

  @Override
  public void biasBackward(Tensor dY, Tensor dBias) {
    LayerShapes.biasBackward(dY, dBias);
    run(() -> Dense.biasBackward(dY, dBias));
  }

  @Override
  public void embed(Tensor tokens, Tensor table, Tensor out) {
    LayerShapes.embed(tokens, table, out);
    run(() -> Tokens.embed(tokens, table, out));
  }

  @Override
  public void embedBackward(Tensor tokens, Tensor dOut, Tensor dTable) {
    LayerShapes.embedBackward(tokens, dOut, dTable);
    run(() -> Tokens.embedBackward(tokens, dOut, dTable));
  }

  @Override
  public void addPositions(Tensor x, Tensor positions) {
    LayerShapes.addPositions(x, positions);
    run(() -> Tokens.addPositions(x, positions));
  }

  @Override
  public void addPositionsBackward(Tensor dX, Tensor dPositions) {
    LayerShapes.addPositions(dX, dPositions);
    run(() -> Tokens.addPositionsBackward(dX, dPositions));
  }

  @Override
  public void takeTokens(Tensor x, int position, Tensor out) {
    LayerShapes.takeTokens(x, position, out);
    run(() -> Tokens.takeTokens(x, position, out));
  }

  @Override
  public void takeTokensBackward(Tensor dOut, int position, Tensor dX) {
    LayerShapes.takeTokens(dX, position, dOut);
    run(() -> Tokens.takeTokensBackward(dOut, position, dX));
  }

  @Override
  public void meanTokens(Tensor x, Tensor out) {
    LayerShapes.meanTokens(x, out);
    run(() -> Tokens.meanTokens(x, out));
  }

  @Override
  public void meanTokensBackward(Tensor dOut, Tensor dX) {
    LayerShapes.meanTokens(dX, dOut);
    run(() -> Tokens.meanTokensBackward(dOut, dX));
  }

  @Override
  public void repeatTokens(Tensor x, Tensor out) {
    LayerShapes.repeatTokens(x, out);
    run(() -> Tokens.repeatTokens(x, out));
  }

  @Override
  public void listMarks(Tensor marks, Tensor list) {
    LayerShapes.listMarks(marks, list);
    run(() -> Tokens.listMarks(marks, list));
  }

  @Override
  public void layerNorm(
      Tensor x, Tensor gamma, Tensor beta, Tensor out, Tensor mean, Optional<Tensor> rstd) {
    LayerShapes.layerNorm(x, gamma, beta, out, mean, rstd);
    run(() -> Normalization.layerNorm(x, gamma, beta, out, mean, rstd));
  }

  @Override
  public void layerNormBackward(LayerNormGradient g) {
    LayerShapes.layerNormBackward(g);
    run(() -> Normalization.layerNormBackward(g));
  }

  @Override
  public void normScale(Tensor z, Tensor rstd, Tensor bias) {
    LayerShapes.normScale(z, rstd, bias);
    run(() -> Normalization.scale(z, rstd, bias));
  }

  @Override
  public void normScaleBackward(NormScaleGradient g) {
    LayerShapes.normScaleBackward(g);
    run(() -> Normalization.scaleBackward(g));
  }

  @Override
  public void attention(Attention a) {
    AttentionShapes.attention(a);
    run(() -> Softmax.attention(a));
  }

  @Override
  public void attentionBackward(Attention.Gradient g) {
    AttentionShapes.attentionBackward(g);
    run(() -> Softmax.backward(g));
  }

  @Override
  public void attentionProbabilities(Attention a, Tensor p) {
    AttentionShapes.attentionProbabilities(a, p);
    run(() -> Softmax.probabilities(a, p));
  }

  @Override
  public void tokenAttention(TokenAttention a) {
    AttentionShapes.tokenAttention(a);
    run(() -> SharedTokens.attention(a));
  }

  @Override
  public void tokenAttentionBackward(TokenAttention.Gradient g) {
    AttentionShapes.tokenAttentionBackward(g);
    run(() -> SharedTokens.backward(g));
  }

  @Override
  public void headProduct(HeadProduct product) {
    AttentionShapes.headProduct(product);
    run(() -> SharedTokens.product(product));
  }

  @Override
  public void attentionMass(Attention a, Parents on, Tensor mass) {
    AttentionShapes.attentionMass(a, on, mass);
    run(() -> Softmax.mass(a, on, mass));
  }

  @Override
  public void attentionEntropy(Attention a, Tensor queries, Tensor entropy) {
    AttentionShapes.attentionEntropy(a, queries, entropy);
    run(() -> Softmax.entropy(a, queries, entropy));
  }

  @Override
  public void attentionBiasBackward(
      Attention.Gradient g, int which, Tensor dStrength, boolean accumulate) {
    AttentionShapes.attentionBiasBackward(g, which, dStrength);
    run(() -> Softmax.biasBackward(g, which, dStrength, accumulate));
  }

  @Override
  public void attentionOverride(Attention a, Tensor p, Tensor heads) {
    AttentionShapes.attentionOverride(a, p, heads);
    run(() -> Softmax.override(a, p, heads));
  }

  @Override
  public void mixTokens(TokenMix m) {
    MixerShapes.mixTokens(m);
    run(() -> Mixing.forward(m));
  }

  @Override
  public void mixTokensBackward(TokenMix.Gradient g) {
    MixerShapes.mixTokensBackward(g);
    run(() -> Mixing.backward(g));
  }

  @Override
  public void fastWeights(FastWeights f) {
    MixerShapes.fastWeights(f);
    run(() -> DeltaRule.forward(f));
  }

  @Override
  public void fastWeightsBackward(FastWeights.Gradient g) {
    MixerShapes.fastWeightsBackward(g);
    run(() -> DeltaRule.backward(g));
  }

  @Override
  public void diagonalScan(DiagonalScan s) {
    MixerShapes.diagonalScan(s);
    run(() -> Recurrence.forward(s));
  }

  @Override
  public void diagonalScanBackward(DiagonalScan.Gradient g) {
    MixerShapes.diagonalScanBackward(g);
    run(() -> Recurrence.backward(g));
  }

  @Override
  public void rotate(Rotation r, boolean inverse) {
    MixerShapes.rotate(r);
    run(() -> Mixing.rotate(r, inverse));
  }

  @Override
  public void squaredError(
      Tensor prediction, Tensor target, Tensor loss, Optional<Tensor> dPrediction) {
    TrainingShapes.squaredError(prediction, target, loss, dPrediction);
    run(() -> Losses.squaredError(prediction, target, loss, dPrediction));
  }

  @Override
  public void crossEntropy(
      Tensor logits, Tensor target, Tensor loss, Tensor correct, Optional<Tensor> dLogits) {
    TrainingShapes.crossEntropy(logits, target, loss, correct, dLogits);
    run(() -> Losses.crossEntropy(logits, target, loss, correct, dLogits));
  }

  @Override
  public void mean(Tensor x, Tensor out) {
    TrainingShapes.mean(x, out);
    run(() -> Losses.mean(x, Optional.empty(), out));
  }

  @Override
  public void meanScored(Tensor x, Tensor target, Tensor out) {
    TrainingShapes.meanScored(x, target, out);
    run(() -> Losses.mean(x, Optional.of(target), out));
  }

  @Override
  public void clipGradient(Tensor gradient, double maxNorm, Tensor norm) {
    TrainingShapes.clipGradient(gradient, maxNorm, norm);
    run(() -> Optimisers.clipGradient(gradient, maxNorm, norm));
  }

  @Override
  public void advance(Tensor step, Tensor stoppedAt) {
    TrainingShapes.advance(step, stoppedAt);
    run(() -> Optimisers.advance(step, stoppedAt));
  }

  @Override
  public void learningRate(LearningRate schedule, Tensor step, Tensor base, Tensor out) {
    TrainingShapes.learningRate(step, base, out);
    run(() -> Optimisers.learningRate(schedule, step, base, out));
  }

  @Override
  public void adam(Moments moments, AdamOptions options) {
    TrainingShapes.adam(moments);
    run(() -> Optimisers.adam(moments, options));
  }

  @Override
  public void sgd(Moments moments, double momentum) {
    TrainingShapes.sgd(moments);
    run(() -> Optimisers.sgd(moments, momentum));
  }

  @Override
  public void watch(Tensor loss, Tensor step, Tensor stoppedAt) {
    TrainingShapes.watch(loss, step, stoppedAt);
    run(() -> Optimisers.watch(loss, step, stoppedAt));
  }

  @Override
  public void sampleLinearRegression(LinearRegressionDraw draw) {
    TrainingShapes.sampleLinearRegression(draw);
    run(() -> new RegressionSampler(draw).draw());
  }

  @Override
  public void sampleRecall(RecallDraw draw) {
    TrainingShapes.sampleRecall(draw);
    run(() -> new RecallSampler(draw).draw());
  }

  @Override
  public void draw(Draw draw) {
    draw.check();
    run(() -> GeneralDraws.draw(draw));
  }

  @Override
  public void gather(Tensor table, Tensor index, Tensor out) {
    Draw.checkGather(table, index, out);
    run(() -> GeneralDraws.gather(table, index, out));
  }

  @Override
  public void drawHost(HostDraw draw) {
    draw.check();
    run(() -> HostSampler.draw(draw));
  }

  @Override
  public void close() {
    // Nothing outside the heap is held.
  }
}
