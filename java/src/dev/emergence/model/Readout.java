package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * From the residual stream to predictions: the last token's vector, the mean of all, or every one,
 * through one linear layer. A model with pre-norm has its final layer norm here, before the mean is
 * taken.
 */
final class Readout {

  /** What is read of a stream of L tokens. */
  private enum Selection {
    /** The stream is what is read: every token, or the only one that was kept. */
    AS_IT_IS,
    LAST,
    MEAN
  }

  private final Backend backend;
  private final Tensor stream;
  private final Selection selection;
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
   * @param stream (R, B, L, D), or (R, B, D) when only the last token was kept
   */
  Readout(
      Memory memory,
      String name,
      Optional<String> norm,
      ArchitectureSpec.Readout kind,
      Tensor stream) {
    this.backend = memory.backend();
    this.stream = stream;
    this.linear = new Linear(memory, name);
    this.selection = selection(kind, stream);
    long[] all = Arrays.copyOfRange(stream.shape(), 1, stream.rank());
    long[] one = {all[0], all[all.length - 1]};
    this.chosen = selection == Selection.LAST ? memory.kept("readout.chosen", one) : stream;
    long[] chosenShape = selection == Selection.LAST ? one : all;
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

  private static Selection selection(ArchitectureSpec.Readout kind, Tensor stream) {
    if (stream.rank() == 3) {
      return Selection.AS_IT_IS;
    }
    return switch (kind) {
      case LAST -> Selection.LAST;
      case MEAN -> Selection.MEAN;
      case ALL -> Selection.AS_IT_IS;
    };
  }

  /** Writes {@link #prediction}. */
  void forward() {
    if (selection == Selection.LAST) {
      backend.takeTokens(stream, stream.dim(2) - 1, chosen);
    }
    norm.ifPresent(n -> n.forward(chosen, normed));
    if (selection == Selection.MEAN) {
      backend.meanTokens(normed, read);
    }
    linear.forward(read, Optional.empty(), prediction);
  }

  /** (R, B, outputs) or (R, B, L, outputs). */
  Tensor prediction() {
    return prediction;
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
      case LAST -> {
        norm.ifPresent(n -> n.backward(d, chosen, d, false));
        backend.zero(out);
        backend.takeTokensBackward(d, stream.dim(2) - 1, out);
      }
      case MEAN -> {
        backend.meanTokensBackward(d, out);
        norm.ifPresent(n -> n.backward(out, chosen, out, false));
      }
      default -> norm.orElseThrow().backward(d, chosen, out, false);
    }
    return out;
  }
}
