package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.Span;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * From the residual stream to predictions: the vectors of the tokens that are read, or the mean of
 * all, through one linear layer. A model with pre-norm has its final layer norm here, before the
 * mean is taken.
 */
final class Readout {

  /** What is read of a stream of L tokens. */
  private enum Selection {
    /** The stream is what is read: every token, or the only one that was kept. */
    AS_IT_IS,
    /** Some neighbouring tokens. */
    SPAN,
    MEAN
  }

  private final Backend backend;
  private final Tensor stream;
  private final Selection selection;
  private final Span span;
  private final Linear linear;
  private final Optional<Norm> norm;
  private final Tensor chosen;
  private final Tensor normed;
  private final Tensor read;
  private final Tensor prediction;
  private final Optional<Tensor> dRead;
  private final Optional<Tensor> dStream;

  /**
   * Binds the end of a network.
   *
   * @param name of its parameters
   * @param norm name of the final layer norm's parameters, if there is one
   * @param span the tokens that are read; empty: the mean over all
   * @param stream (R, B, L, D), or (R, B, D) when only the last token was kept
   */
  Readout(Memory memory, String name, Optional<String> norm, Optional<Span> span, Tensor stream) {
    this.backend = memory.backend();
    this.stream = stream;
    this.linear = new Linear(memory, name);
    this.selection = selection(span, stream);
    long[] all = Arrays.copyOfRange(stream.shape(), 1, stream.rank());
    long[] one = {all[0], all[all.length - 1]};
    this.span = span.orElse(Span.last(1));
    boolean some = selection == Selection.SPAN;
    long[] chosenShape = some ? some(one, this.span.count()) : all;
    this.chosen = some ? memory.kept("readout.chosen", chosenShape) : stream;
    this.norm = norm.map(n -> new Norm(memory, n, chosenShape));
    this.normed = norm.isPresent() ? memory.kept("readout.normed", chosenShape) : chosen;
    this.read = selection == Selection.MEAN ? memory.kept("readout.mean", one) : normed;
    long[] shape = Arrays.copyOfRange(read.shape(), 1, read.rank());
    this.dRead =
        memory.training() ? Optional.of(memory.scratch("readout.dread", shape)) : Optional.empty();
    boolean other = selection != Selection.AS_IT_IS || norm.isPresent();
    this.dStream =
        memory.training() && other
            ? Optional.of(memory.scratch("readout.dstream", all))
            : Optional.empty();
    shape[shape.length - 1] = linear.outputs();
    this.prediction = memory.floats(shape);
  }

  /** The tokens that are read under a read-out; none is the mean. */
  static Optional<Span> span(ArchitectureSpec.Readout kind, Signature signature) {
    return switch (kind.of(signature.lastOnly())) {
      case LAST -> Optional.of(Span.last(signature.length()));
      case MEAN -> Optional.empty();
      default ->
          Optional.of(signature.lastOnly() ? Span.all(signature.length()) : signature.scored());
    };
  }

  private static Selection selection(Optional<Span> span, Tensor stream) {
    if (stream.rank() == 3) {
      return Selection.AS_IT_IS;
    }
    boolean every = span.isPresent() && span.get().equals(Span.all(stream.dim(2)));
    return span.isEmpty() ? Selection.MEAN : every ? Selection.AS_IT_IS : Selection.SPAN;
  }

  /** (B, D) of one token, or (B, count, D). */
  private static long[] some(long[] one, int count) {
    return count == 1 ? one : new long[] {one[0], count, one[1]};
  }

  /** Writes {@link #prediction}. */
  void forward() {
    if (selection == Selection.SPAN) {
      backend.takeTokens(stream, span.first(), chosen);
    }
    norm.ifPresent(n -> n.forward(chosen, normed));
    if (selection == Selection.MEAN) {
      backend.meanTokens(normed, read);
    }
    linear.forward(read, Optional.empty(), prediction);
  }

  /** (R, B, outputs) where one token or the mean is read, else (R, B, tokens read, outputs). */
  Tensor prediction() {
    return prediction;
  }

  /** What the linear layer reads: as the prediction, with the width in place of the outputs. */
  Tensor read() {
    return read;
  }

  /**
   * @return the gradient of the stream; the read-out's own
   */
  Tensor backward(Tensor dPrediction) {
    Tensor d = dRead.orElseThrow();
    linear.backward(dPrediction, read, d, false);
    if (dStream.isEmpty()) {
      return d;
    }
    Tensor out = dStream.get();
    switch (selection) {
      case SPAN -> {
        norm.ifPresent(n -> n.backward(d, chosen, d, Optional.empty()));
        backend.zero(out);
        backend.takeTokensBackward(d, span.first(), out);
      }
      case MEAN -> {
        backend.meanTokensBackward(d, out);
        norm.ifPresent(n -> n.backward(out, chosen, out, Optional.empty()));
      }
      default -> norm.orElseThrow().backward(d, chosen, out, Optional.empty());
    }
    return out;
  }
}
