package dev.emergence.model;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;
import java.util.Optional;

/**
 * The first block's {@link Projection} where it reads layer norm of token plus position, x[b, l] =
 * E[t] + P[l] for the token t of the place. The rows of both tables are few, and W LN(x) + c = rstd
 * · (Ê[t] Wᵀ + P̂[l] Wᵀ) + (W beta + c), where Ê and P̂ are the tables with their rows centred and
 * scaled by gamma: so the tables are multiplied, and each place looks up two rows. Backward the
 * gradients of W and of the tables need no more of the batch than the sums, for each row, of rstd ·
 * dqkv. Equal by linearity. It is a norm of its own: x is the stream itself. What reaches the
 * tables this way, but for x's part in its rstd, is not part of dX; {@link #backwardSource} adds
 * it.
 */
final class TableProjection implements Projection {
  private final Backend backend;
  private final Linear linear;
  private final Norm norm;
  private final Site.Tokens source;
  private final int vocabulary;
  private final int length;
  private final Tensor normed;
  private final Tensor none;
  private final Tensor mean;
  private final Tables rows;
  private final Tables centred;
  private final Tables images;
  private final Tensor shift;
  private final Optional<Gradients> gradients;
  private Optional<Tensor> made = Optional.empty();

  /** A row for each token, then one for each position, then that of beta. */
  private record Tables(Tensor all, Tensor summed, Tensor tokens, Tensor positions, Tensor beta) {
    static Tables of(Memory memory, long vocabulary, long length, long width) {
      long rows = vocabulary + length;
      Tensor all = memory.floats(rows + 1, width);
      return new Tables(
          all,
          all.part(0, rows, width),
          all.part(0, vocabulary, width),
          all.part(vocabulary * width, length, width),
          all.part(rows * width, 1, width));
    }
  }

  /** Each as what it is the gradient of. */
  private record Gradients(Tables rows, Tables centred, Tables images, Tensor ignored) {}

  /**
   * @param name of attention's parameters, as {@link AttentionShape#declare} made them
   */
  TableProjection(Memory memory, String name, AttentionShape s, Site.Tokens source) {
    this.backend = memory.backend();
    this.linear = new Linear(memory, name + ".query", name + ".value");
    this.norm = new Norm(memory, ResidualBlock.norm(name), s.batch(), s.length(), s.width());
    this.source = source;
    this.vocabulary = source.embedding().table().dim(1);
    this.length = s.length();
    this.normed = memory.scratch("table.normed", s.batch(), s.length(), s.width());
    this.none = memory.zeros(s.width());
    this.mean = memory.floats(vocabulary + length);
    this.rows = Tables.of(memory, vocabulary, length, s.width());
    this.centred = Tables.of(memory, vocabulary, length, s.width());
    this.images = Tables.of(memory, vocabulary, length, linear.outputs());
    this.shift = memory.floats(1, linear.outputs());
    this.gradients = memory.training() ? Optional.of(gradients(memory, s)) : Optional.empty();
  }

  private Gradients gradients(Memory memory, AttentionShape s) {
    return new Gradients(
        Tables.of(memory, vocabulary, length, s.width()),
        Tables.of(memory, vocabulary, length, s.width()),
        Tables.of(memory, vocabulary, length, linear.outputs()),
        memory.scratch("ignored", s.width()));
  }

  @Override
  public boolean norms() {
    return true;
  }

  @Override
  public void forward(Tensor x, Tensor qkv) {
    norm.forward(x, normed); // for mean and rstd
    backend.copy(source.embedding().table(), rows.tokens());
    backend.copy(source.positions().table(), rows.positions());
    backend.layerNorm(rows.summed(), norm.gamma(), none, centred.summed(), mean, Optional.empty());
    backend.copy(norm.beta(), centred.beta());
    linear.product(centred.all(), images.all());
    backend.biasResidual(images.beta(), linear.bias(), Optional.empty(), shift);
    backend.embed(source.read().get(), images.tokens(), qkv);
    backend.addPositions(qkv, images.positions());
    backend.normScale(qkv, norm.rstd(), shift);
    made = Optional.of(qkv);
  }

  @Override
  public void backward(Tensor dQkv, Tensor x, Tensor dX, boolean accumulate) {
    Gradients d = gradients.orElseThrow();
    if (!accumulate) {
      backend.zero(dX);
    }
    backend.normScaleBackward(
        new Backend.NormScaleGradient(
            dQkv,
            made.orElseThrow(),
            shift,
            x,
            norm.mean(),
            norm.rstd(),
            dQkv,
            linear.dBias(),
            dX));
    backend.embedBackward(source.read().get(), dQkv, d.images().tokens());
    backend.addPositionsBackward(dQkv, d.images().positions());
    backend.copy(linear.dBias(), d.images().beta());
    linear.backwardWeight(d.images().all(), centred.all());
    linear.backwardInput(d.images().all(), d.centred().all(), false);
    backend.copy(d.centred().beta(), norm.dBeta());
    backend.layerNormBackward(
        new Backend.LayerNormGradient(
            d.centred().summed(),
            rows.summed(),
            norm.gamma(),
            mean,
            Optional.empty(),
            d.rows().summed(),
            Optional.empty(),
            norm.dGamma(),
            d.ignored()));
  }

  /** Adds to the gradients of both tables, once the stream's own gradient is there. */
  @Override
  public void backwardSource() {
    Gradients d = gradients.orElseThrow();
    source.embedding().accumulate(d.rows().tokens());
    source.positions().accumulate(d.rows().positions());
  }
}
