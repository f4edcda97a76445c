package dev.emergence.model;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * Two branches side by side on the residual stream, as in GPT-NeoX (Black et al. 2022, equation 2):
 * y = x + f([norm] x) + g([norm] x), without x + when there are no skip connections. Where f keeps
 * the last token alone, g reads that one and y is (R, B, D).
 */
final class ParallelBlock implements Block {
  private final Backend backend;
  private final String name;
  private final Half first;
  private final Half second;
  private final boolean skip;
  private final boolean lastOnly;
  private final Tensor x;
  private final Tensor read;
  private final Tensor sum;
  private final Tensor out;
  private final Optional<Tensor> dSecond;
  private final Optional<Tensor> dInput;

  /** A branch with what stands before it. */
  private record Half(Branch branch, Optional<Norm> norm, Tensor normed, Optional<Tensor> dNormed) {

    static Half of(Memory memory, Branch branch, Optional<String> name, Tensor x) {
      long[] shape = Arrays.copyOfRange(x.shape(), 1, x.rank());
      Optional<String> norm = name.filter(n -> !branch.norms());
      return new Half(
          branch,
          norm.map(n -> new Norm(memory, n, shape)),
          norm.isPresent() ? memory.kept("block.normed", shape) : x,
          memory.training() && norm.isPresent()
              ? Optional.of(memory.scratch("block.dnormed", shape))
              : Optional.empty());
    }

    void forward(Tensor x, Optional<Tensor> residual, Tensor to) {
      norm.ifPresent(n -> n.forward(x, normed));
      branch.forward(normed, residual, to);
    }

    void backward(Tensor dOut, Tensor x, Tensor dX, boolean accumulate) {
      if (norm.isPresent()) {
        branch.backward(dOut, normed, dNormed.orElseThrow(), false);
        norm.get().backward(dNormed.get(), x, dX, Optional.of(dX).filter(d -> accumulate));
      } else {
        branch.backward(dOut, x, dX, accumulate);
      }
    }
  }

  /**
   * @param first its place's norm is that of f
   * @param second the branch g
   * @param secondNorm name of its norm's parameters, if it has one
   */
  ParallelBlock(
      Memory memory,
      boolean skip,
      Branch first,
      ResidualBlock.Place place,
      Branch second,
      Optional<String> secondNorm) {
    this.backend = memory.backend();
    this.name = place.name();
    this.skip = skip;
    this.x = place.x();
    long[] all = Arrays.copyOfRange(x.shape(), 1, x.rank());
    long[] written = place.written();
    this.lastOnly = written.length < all.length;
    this.read = lastOnly ? memory.kept("block.last", written) : x;
    this.first = Half.of(memory, first, secondNorm.map(n -> place.norm()), x);
    this.second = Half.of(memory, second, secondNorm, read);
    this.sum = memory.scratch("block.half", written);
    this.out = memory.kept("block.out." + place.depth() % 2, written);
    boolean training = memory.training();
    this.dSecond =
        training ? Optional.of(memory.scratch("block.dhalf", written)) : Optional.empty();
    this.dInput =
        training && lastOnly ? Optional.of(memory.scratch("block.dinput", all)) : Optional.empty();
  }

  @Override
  public void forward() {
    backend.range(name, this::compute);
  }

  private void compute() {
    if (lastOnly) {
      backend.takeTokens(x, x.dim(2) - 1, read);
    }
    first.forward(x, skip ? Optional.of(read) : Optional.empty(), sum);
    second.forward(read, Optional.of(sum), out);
  }

  @Override
  public Tensor backward(Tensor dOut) {
    Tensor dX = dInput.orElse(dOut);
    backend.range(name, () -> differentiate(dOut, dX));
    return dX;
  }

  private void differentiate(Tensor dOut, Tensor dX) {
    Tensor d = dSecond.orElseThrow();
    second.backward(dOut, read, d, false);
    // In place, dX holds already what comes through the skip connection.
    first.backward(dOut, x, dX, skip && !lastOnly);
    if (!lastOnly) {
      backend.accumulate(d, dX);
      return;
    }
    backend.takeTokensBackward(d, x.dim(2) - 1, dX);
    if (skip) {
      backend.takeTokensBackward(dOut, x.dim(2) - 1, dX);
    }
  }

  @Override
  public Tensor out() {
    return out;
  }
}
