package dev.emergence.tensor;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where tensors live and operations run. Every tensor has the replicas {@code R} as its first
 * dimension and every operation works on all replicas at once, each for itself.
 *
 * <p>An operation called outside {@link #record} runs at once; inside, it is appended to the
 * program. Outputs are overwritten unless said otherwise. Shapes are checked when an operation is
 * called or recorded, never when it is replayed ({@link LayerShapes}, {@link AttentionShapes},
 * {@link MixerShapes}, {@link TrainingShapes}); a wrong one raises {@link IllegalArgumentException}
 * naming operation and shapes. Not thread-safe: one backend a worker.
 *
 * <p>Matrices: a tensor of shape (R, ..., n) is R matrices of rows() × n. Weights are (R, out, in),
 * so y = x Wᵀ.
 *
 * <p>It has more than 300 lines because it is one contract: whoever writes a backend reads all of
 * it, and nothing takes a part of it.
 */
public interface Backend extends AutoCloseable {

  /** {@code cpu}, {@code cuda}, {@code reference}. */
  String name();

  /** One line for reports and provenance: processor or GPU name, instruction set, threads. */
  String description();

  /**
   * Chooses the arithmetic of the operations called and recorded from now on; {@link
   * Arithmetic#FLOAT32} at first.
   *
   * @throws IllegalArgumentException when the device has no such arithmetic
   */
  default void arithmetic(Arithmetic arithmetic) {
    if (arithmetic != Arithmetic.FLOAT32) {
      String word = arithmetic.name().toLowerCase(Locale.ROOT);
      throw new IllegalArgumentException(
          name() + " has no " + word + " arithmetic; write precision: float32, or use device cuda");
    }
  }

  /** Names what {@code body} calls or records on the time line of a profiler, if there is one. */
  default void range(String name, Runnable body) {
    body.run();
  }

  /** Tells a profiler that waits for it to begin or to end; nothing where there is none. */
  default void profile(boolean on) {}

  // --- memory ---

  /** A zero-filled buffer. Use {@link Scope} instead. */
  Buffer allocate(DType dtype, long elements);

  /** Returns a buffer's memory. Use {@link Scope} instead. */
  void free(Buffer buffer);

  /** Bytes allocated and not yet freed. */
  long allocatedBytes();

  /** Memory that the device could still give; empty where that is not known. */
  default OptionalLong freeBytes() {
    return OptionalLong.empty();
  }

  /**
   * Copies host values into a tensor, replica after replica.
   *
   * @param values size() elements, rounded to the backend's precision
   */
  void write(Tensor to, double[] values);

  /** Copies host values into a float32 tensor. */
  void write(Tensor to, float[] values);

  /** Copies host values into an int32 tensor. */
  void write(Tensor to, int[] values);

  /** Whether numbers are float64 in memory; otherwise they are float32, and floats lose nothing. */
  default boolean isFloat64() {
    return false;
  }

  /** Values of a float32 tensor, replica after replica. */
  float[] floats(Tensor from);

  /** Values of a float32 tensor in the backend's own precision. */
  double[] doubles(Tensor from);

  /** Values of an int32 tensor. */
  int[] ints(Tensor from);

  // --- programs ---

  /**
   * Records the operations that {@code body} calls on this backend, without running them. Does not
   * nest. Writing to and reading from tensors would not be replayed and raises {@link
   * IllegalStateException} meanwhile; allocating is allowed.
   */
  StepProgram record(Runnable body);

  // --- plain arithmetic ---

  /** Sets all elements to zero. */
  void zero(Tensor x);

  /** to = from, of equal sizes. */
  void copy(Tensor from, Tensor to);

  /** y += x. */
  void accumulate(Tensor x, Tensor y);

  /**
   * Matrix product for each replica: C = op(A) op(B) + beta C.
   *
   * @param a (R, m, k), or (R, k, m) when transA; leading dimensions are flattened to rows
   * @param b (R, k, n), or (R, n, k) when transB
   * @param c (R, m, n)
   * @param beta 0 overwrites (C may hold anything, NaN too), 1 accumulates
   */
  void gemm(boolean transA, boolean transB, Tensor a, Tensor b, float beta, Tensor c);

  // --- fused element-wise passes ---

  /**
   * y = z + bias, out = activation(y), and z becomes the slope, activation'(y).
   *
   * @param z (R, ..., n)
   * @param bias (R, n)
   * @param out as z
   */
  void biasActivation(Tensor z, Tensor bias, Activation activation, Tensor out);

  /**
   * dZ = dOut · slope; dBias = column sums of dZ.
   *
   * @param slope as {@link #biasActivation} left it in z
   * @param dZ may be dOut
   */
  void biasActivationBackward(Tensor dOut, Tensor slope, Tensor dZ, Tensor dBias);

  /**
   * out = y + bias + residual.
   *
   * @param residual as y; absent: nothing is added. out may be y or residual.
   */
  void biasResidual(Tensor y, Tensor bias, Optional<Tensor> residual, Tensor out);

  /**
   * dBias = column sums of dY.
   *
   * @param dY (R, ..., n)
   * @param dBias (R, n)
   */
  void biasBackward(Tensor dY, Tensor dBias);

  // --- embedding and positions ---

  /**
   * out[b, l] = table[tokens[b, l]].
   *
   * @param tokens (R, B, L) i32 in 0..V-1
   * @param table (R, V, D)
   * @param out (R, B, L, D)
   */
  void embed(Tensor tokens, Tensor table, Tensor out);

  /** dTable = sum of dOut over equal tokens, in a fixed order; other rows zero. */
  void embedBackward(Tensor tokens, Tensor dOut, Tensor dTable);

  /**
   * x[b, l] += positions[l] (in place).
   *
   * @param x (R, B, L, D)
   * @param positions (R, L, D)
   */
  void addPositions(Tensor x, Tensor positions);

  /** dPositions[l] = sum over b of dX[b, l]. */
  void addPositionsBackward(Tensor dX, Tensor dPositions);

  // --- tokens to read-out ---

  /**
   * out[b, i] = x[b, first + i]: as many neighbouring tokens as out has room for.
   *
   * @param x (R, B, L, D)
   * @param out (R, B, count, D), or (R, B, D) for one token
   */
  void takeTokens(Tensor x, int first, Tensor out);

  /** dX[b, first + i] += dOut[b, i]; the other tokens are left alone. */
  void takeTokensBackward(Tensor dOut, int first, Tensor dX);

  /** out[b] = mean over l of x[b, l]. */
  void meanTokens(Tensor x, Tensor out);

  /** dX[b, l] = dOut[b] / L. */
  void meanTokensBackward(Tensor dOut, Tensor dX);

  /**
   * out[b, l] = x[b] for every token, of either element type.
   *
   * @param x (R, B, ...)
   * @param out (R, B, L, ...)
   */
  void repeatTokens(Tensor x, Tensor out);

  /**
   * Marks as lists: the columns where a row is not 0, ascending, then -1.
   *
   * @param marks (R, N, L) i32
   * @param list out: (R, N, P) or (R, N, 1, P) i32; no row has more than P marks
   */
  void listMarks(Tensor marks, Tensor list);

  // --- layer norm ---

  /**
   * out = gamma · (x - mean) · rstd + beta over the last dimension, variance biased, eps 1e-5 (Ba
   * et al. 2016).
   *
   * @param gamma (R, n)
   * @param beta (R, n)
   * @param mean out: (R, rows)
   * @param rstd out: (R, rows); absent: rows are centred alone, as if rstd were 1
   */
  void layerNorm(
      Tensor x, Tensor gamma, Tensor beta, Tensor out, Tensor mean, Optional<Tensor> rstd);

  /**
   * What layer norm's backward reads and fills; dX is overwritten, with {@code added} added to it,
   * which may be dX itself; rstd is absent where it was in the forward pass.
   */
  record LayerNormGradient(
      Tensor dOut,
      Tensor x,
      Tensor gamma,
      Tensor mean,
      Optional<Tensor> rstd,
      Tensor dX,
      Optional<Tensor> added,
      Tensor dGamma,
      Tensor dBeta) {}

  /** Gradients of {@link #layerNorm}. dX may be dOut when nothing is added. */
  void layerNormBackward(LayerNormGradient g);

  /**
   * What is left of layer norm behind a linear layer of centred rows: z = rstd · z + bias (in
   * place). With z = (gamma · (x - mean)) Wᵀ and bias = W beta + b it is the linear layer of the
   * normalised x.
   *
   * @param z (R, ..., n)
   * @param rstd (R, rows)
   * @param bias (R, n)
   */
  void normScale(Tensor z, Tensor rstd, Tensor bias);

  /**
   * What {@link #normScaleBackward} reads and fills.
   *
   * @param dOut (R, ..., n)
   * @param out as dOut: what normScale left in z
   * @param bias (R, n)
   * @param x (R, ..., D), with mean and rstd of its rows
   * @param dZ out: as dOut, and may be it
   * @param dBias out: (R, n)
   * @param dX as x, added to
   */
  record NormScaleGradient(
      Tensor dOut,
      Tensor out,
      Tensor bias,
      Tensor x,
      Tensor mean,
      Tensor rstd,
      Tensor dZ,
      Tensor dBias,
      Tensor dX) {}

  /**
   * dZ = rstd · dOut; dBias = column sums of dOut; and what reaches x through its rstd: dX -= (x -
   * mean) · rstd² · (dOut · (out - bias)) / D.
   */
  void normScaleBackward(NormScaleGradient g);

  // --- attention ---

  /** Fused softmax attention; no (Lq, Lk) matrix in memory. */
  void attention(Attention a);

  /** Deterministic gradients of {@link #attention}, from q, k, v, out, lse and dOut. */
  void attentionBackward(Attention.Gradient g);

  /**
   * Unfused: the probabilities themselves, from q, k and lse.
   *
   * @param p out: (R, B, H, Lq, Lk)
   */
  void attentionProbabilities(Attention a, Tensor p);

  /**
   * The summed attention of each listed query on its keys, from q, k and lse; 0 where the query is
   * -1. No other probabilities are computed.
   *
   * @param on indices of queries and keys of the attention
   * @param mass out: (R, B, H, E)
   */
  void attentionMass(Attention a, Parents on, Tensor mass);

  /**
   * Entropy -Σ p ln p in nats of the attention of some queries, from q, k and lse; 0 where the
   * query is -1.
   *
   * @param queries (R, B or 1, E) i32
   * @param entropy out: (R, B, H, E)
   */
  void attentionEntropy(Attention a, Tensor queries, Tensor entropy);

  /**
   * Gradient of the strength of a listed bias: Σ P (dO Vᵀ - delta) over its queries and keys, all
   * sequences and heads, in a fixed order. Follows {@link #attentionBackward}, whose delta it
   * reads.
   *
   * @param which number of the bias in {@link Attention#listed}
   * @param dStrength out: (R), added to when {@code accumulate}
   */
  void attentionBiasBackward(Attention.Gradient g, int which, Tensor dStrength, boolean accumulate);

  /**
   * Puts other outputs in place of those of some heads; forward alone. lse stays what it was.
   *
   * @param p probabilities (R, B, H, Lq, Lk); of heads that are not replaced anything
   * @param heads (R, H) i32: 0 leaves a head as it is, 1 makes its output p V, 2 makes it zero
   */
  void attentionOverride(Attention a, Tensor p, Tensor heads);

  /** One query a head over the tokens themselves. */
  void tokenAttention(TokenAttention a);

  /** Deterministic gradients of {@link #tokenAttention}, from q, x, p and dOut. */
  void tokenAttentionBackward(TokenAttention.Gradient g);

  /** One product a head; always in the backend's own precision. */
  void headProduct(HeadProduct product);

  // --- token mixers other than attention; rotary positions ---

  /** Causal weights over tokens. */
  void mixTokens(TokenMix mix);

  /** Deterministic gradients of {@link #mixTokens}. */
  void mixTokensBackward(TokenMix.Gradient g);

  /** Linear attention, or the gated delta rule, over all tokens in one operation. */
  void fastWeights(FastWeights f);

  /** Deterministic gradients of {@link #fastWeights}. */
  void fastWeightsBackward(FastWeights.Gradient g);

  /** A recurrence of each channel, over all tokens in one operation. */
  void diagonalScan(DiagonalScan scan);

  /** Deterministic gradients of {@link #diagonalScan}. */
  void diagonalScanBackward(DiagonalScan.Gradient g);

  /**
   * Rotary positions, in place.
   *
   * @param inverse turns back; what a gradient does, since a rotation's transpose is its inverse
   */
  void rotate(Rotation rotation, boolean inverse);

  // --- losses ---

  /**
   * Squared error: loss[n] = ½ Σ_j (prediction - target)²; dPrediction = (prediction - target) / N.
   *
   * @param prediction (R, N, d)
   * @param target (R, N, d)
   * @param loss out: (R, N)
   * @param dPrediction out, absent in evaluation
   */
  void squaredError(Tensor prediction, Tensor target, Tensor loss, Optional<Tensor> dPrediction);

  /**
   * Cross entropy in nats: loss[n] = -ln softmax(logits[n])[target[n]]; dLogits = (softmax -
   * onehot) / the number of the replica's targets that are scored. A target of -1 is not scored:
   * loss, correct and dLogits of its row are 0, whatever the logits are.
   *
   * @param logits (R, N, V)
   * @param target (R, N) i32 in -1..V-1
   * @param loss out: (R, N)
   * @param correct out: (R, N), 1 where the target has the largest logit (ties and NaN count as
   *     wrong)
   * @param dLogits out, absent in evaluation
   */
  void crossEntropy(
      Tensor logits, Tensor target, Tensor loss, Tensor correct, Optional<Tensor> dLogits);

  /** out (R) = mean of each replica's elements of x (R, ...), summed in a fixed order. */
  void mean(Tensor x, Tensor out);

  /**
   * As {@link #mean}, over the elements whose target is scored, that is, not -1; 0 in a replica
   * that has none. The bits are those of {@link #mean} where all are scored.
   *
   * @param target as many elements as x, i32
   */
  void meanScored(Tensor x, Tensor target, Tensor out);

  // --- optimiser; parameters of a replica are one flat row ---

  /** norm = Euclidean norm of each replica's gradient, which is scaled to maxNorm if longer. */
  void clipGradient(Tensor gradient, double maxNorm, Tensor norm);

  /** step += 1 of the replicas that train; both (R) i32, as in {@link Moments}. */
  void advance(Tensor step, Tensor stoppedAt);

  /** out = base · schedule.factor(step), (R) each; step i32, from 1. */
  void learningRate(LearningRate schedule, Tensor step, Tensor base, Tensor out);

  /** One Adam or AdamW step of the replicas that train. */
  void adam(Moments moments, AdamOptions options);

  /** Of those too: m ← momentum·m + g; parameters ← parameters - lr·m. v and step stay unread. */
  void sgd(Moments moments, double momentum);

  /**
   * A replica that trains stops where its loss is not finite: stoppedAt = step.
   *
   * @param loss (R)
   * @param step (R) i32 from 1
   * @param stoppedAt (R) i32, as in {@link Moments}
   */
  void watch(Tensor loss, Tensor step, Tensor stoppedAt);

  // --- data ---

  /** Draws a batch; the reference backend is the definition. */
  void sampleLinearRegression(LinearRegressionDraw draw);

  /** Draws a batch; the reference backend is the definition. */
  void sampleRecall(RecallDraw draw);

  /** Draws numbers of one kind for every sequence of a batch. */
  void draw(Draw draw);

  /**
   * out[n, k] = table[n, index[n, k]], of either element type.
   *
   * @param table (R, N, ...), or (R, 1, ...): the same for all sequences
   * @param index (R, N, ...) i32, counted within a row of the table
   * @param out as index
   */
  void gather(Tensor table, Tensor index, Tensor out);

  /**
   * Fills the outputs with what plain Java draws for each replica's step. Outside a program the
   * source is called at once, by the caller's thread.
   *
   * @throws IllegalStateException when the source fails; from the run of a program on a GPU a
   *     {@link DeviceException} with the same text, from whatever next waits for it
   */
  void drawHost(HostDraw draw);

  /**
   * Programs see only batches that a source draws from now on, none that it drew ahead: it has
   * changed. To be called while no program runs.
   *
   * @param source the very one of a {@link HostDraw} that was recorded
   */
  default void redraw(HostDraw.Source source) {}

  @Override
  void close();
}
