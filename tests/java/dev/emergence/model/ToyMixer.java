package dev.emergence.model;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DiagonalScan;
import dev.emergence.tensor.Tensor;
import java.util.Optional;

/**
 * All that a mixer of one's own takes: each channel is a decaying sum of what came before, with one
 * trained decay a channel. To name it in files it would further need a record with a line in {@code
 * ArchitectureSpec}, and a line in {@link Models}.
 *
 * @param width of the residual stream
 */
record ToyMixer(int width) implements TokenMixer {
  @Override
  public void declare(Layout.Builder layout, String name, int length) {
    layout.add(name + ".decay", new Initial.Between(-1, 1), width);
  }

  @Override
  public Branch every(Site site) {
    return new Sum(site, width);
  }

  private static final class Sum implements Branch {
    private final Backend backend;
    private final int width;
    private final Tensor decay;
    private final Tensor dDecay;
    private final Tensor zero;
    private final Tensor sum;
    private final Optional<Tensor> dX;
    private final Optional<Tensor> perSequence;

    Sum(Site site, int width) {
      Memory memory = site.memory();
      this.backend = memory.backend();
      this.width = width;
      this.decay = memory.parameters().value(site.name() + ".decay");
      this.dDecay = memory.parameters().gradient(site.name() + ".decay");
      this.zero = memory.zeros(width);
      this.sum = memory.kept("mixer.sum", site.batch(), site.length(), width);
      this.dX = memory.gradient("mixer.dx", site.batch(), site.length(), width);
      this.perSequence = memory.gradient("mixer.ddecay", site.batch(), width);
    }

    private DiagonalScan scan(Tensor x) {
      return new DiagonalScan(x, Optional.empty(), decay, sum, width);
    }

    @Override
    public void forward(Tensor x, Optional<Tensor> residual, Tensor out) {
      backend.diagonalScan(scan(x));
      backend.biasResidual(sum, zero, residual, out);
    }

    @Override
    public void backward(Tensor dOut, Tensor x, Tensor into, boolean accumulate) {
      Tensor d = dX.orElseThrow();
      Tensor decays = perSequence.orElseThrow();
      backend.diagonalScanBackward(
          new DiagonalScan.Gradient(scan(x), dOut, d, Optional.empty(), decays));
      backend.biasBackward(decays, dDecay);
      if (accumulate) {
        backend.accumulate(d, into);
      } else {
        backend.copy(d, into);
      }
    }
  }
}
