package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.Stack;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * A branch on the residual stream: y = [post-norm](x + f([pre-norm] x)), without x + when there are
 * no skip connections. A branch that keeps the last token alone reads (R, B, L, D) and writes (R,
 * B, D); x is then the last token's.
 */
final class ResidualBlock implements Block {

  /**
   * Where a block stands.
   *
   * @param name of the branch's parameters, and first part of its layer norm's
   * @param depth its number from 0: neighbours never share an output
   * @param x what it reads
   * @param written shape of its output without R: that of x, or without L
   */
  record Place(String name, int depth, Tensor x, long... written) {
    /** Name of the layer norm's parameters, if there is one. */
    String norm() {
      return ResidualBlock.norm(name);
    }
  }

  /** Name of the layer norm of a branch. */
  static String norm(String branch) {
    return branch + "_norm";
  }

  private final Backend backend;
  private final String name;
  private final Branch branch;
  private final boolean skip;
  private final boolean lastOnly;
  private final Tensor x;
  private final Optional<Norm> pre;
  private final Optional<Norm> post;
  private final Tensor normed;
  private final Tensor sum;
  private final Tensor out;
  private final Optional<Tensor> last;
  private final Optional<Tensor> dNormed;
  private final Optional<Tensor> dInput;

  ResidualBlock(Memory memory, Stack spec, Branch branch, Place place) {
    this.backend = memory.backend();
    this.name = place.name();
    this.branch = branch;
    this.skip = spec.skipConnections();
    this.x = place.x();
    long[] read = Arrays.copyOfRange(x.shape(), 1, x.rank());
    long[] written = place.written();
    this.lastOnly = written.length < read.length;
    this.pre =
        spec.layerNorm() == LayerNorm.PRE && !branch.norms()
            ? Optional.of(new Norm(memory, place.norm(), read))
            : Optional.empty();
    this.post =
        spec.layerNorm() == LayerNorm.POST
            ? Optional.of(new Norm(memory, place.norm(), written))
            : Optional.empty();
    this.out = memory.kept("block.out." + place.depth() % 2, written);
    this.sum = post.isPresent() ? memory.kept("block.sum", written) : out;
    this.normed = pre.isPresent() ? memory.kept("block.normed", read) : x;
    this.last =
        lastOnly && skip ? Optional.of(memory.scratch("block.last", written)) : Optional.empty();
    boolean training = memory.training();
    // Neighbours write gradients in turn, so that those of parameters can wait and be done
    // together.
    int turn = place.depth() % 2;
    this.dNormed =
        training && pre.isPresent()
            ? Optional.of(memory.scratch("block.dnormed." + turn, read))
            : Optional.empty();
    this.dInput =
        training && (lastOnly || pre.isPresent())
            ? Optional.of(memory.scratch("block.dinput." + turn, read))
            : Optional.empty();
  }

  @Override
  public void forward() {
    backend.range(name, this::compute);
  }

  private void compute() {
    pre.ifPresent(norm -> norm.forward(x, normed));
    last.ifPresent(to -> backend.takeTokens(x, x.dim(2) - 1, to));
    branch.forward(normed, skip ? Optional.of(last.orElse(x)) : Optional.empty(), sum);
    post.ifPresent(norm -> norm.forward(sum, out));
  }

  @Override
  public Tensor backward(Tensor dOut) {
    Tensor dX = dInput.orElse(dOut);
    backend.range(name, () -> differentiate(dOut, dX));
    return dX;
  }

  private void differentiate(Tensor dOut, Tensor dX) {
    post.ifPresent(norm -> norm.backward(dOut, sum, dOut, Optional.empty()));
    boolean carries = skip && !lastOnly;
    if (pre.isPresent()) {
      branch.backward(dOut, normed, dNormed.orElseThrow(), false);
      pre.get().backward(dNormed.get(), x, dX, Optional.of(dOut).filter(d -> carries));
    } else {
      // In place, dX holds already what comes through the skip connection.
      branch.backward(dOut, x, dX, carries);
    }
    if (skip && lastOnly) {
      backend.takeTokensBackward(dOut, x.dim(2) - 1, dX);
    }
  }

  @Override
  public Tensor out() {
    return out;
  }
}
