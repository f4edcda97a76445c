package dev.emergence.model;

import dev.emergence.spec.DiagonalRnnSpec;
import dev.emergence.spec.DiagonalRnnSpec.Gate;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DiagonalScan;
import dev.emergence.tensor.Tensor;
import java.util.Optional;

/**
 * A linear recurrence of each channel by itself, h_t = a_t h_{t-1} + sqrt(1 - a_t²) i_t u_t,
 * between two linear layers. Without a gate a is learned for each channel and i = 1 (Orvieto et al.
 * 2023 with real numbers); with one, both follow the token (De et al. 2024). The logit of a starts
 * so that channels forget over 2 to 32 sequence lengths, each over its own, since channels of equal
 * memory could not tell positions apart.
 */
final class DiagonalRnn implements TokenMixer {
  private final DiagonalRnnSpec spec;

  DiagonalRnn(DiagonalRnnSpec spec) {
    this.spec = spec;
  }

  private boolean gated() {
    return spec.gate() == Gate.INPUT;
  }

  @Override
  public void declare(Layout.Builder layout, String name, int length) {
    LinearKind kind = LinearKind.mixing(spec.shared());
    int width = spec.shared().embeddingDim();
    if (gated()) {
      Linear.declare(layout, kind, width, width, name + ".input", name + ".decay", name + ".gate");
    } else {
      Linear.declare(layout, kind, width, width, name + ".input");
    }
    layout.add(name + ".horizon", Initials.horizon(2.0 * length, 32.0 * length), width);
    Linear.declare(layout, kind.last(spec.shared()), width, width, name + ".output");
  }

  @Override
  public Branch every(Site site) {
    return new Recurrence(site, spec.shared().embeddingDim(), gated());
  }

  private static final class Recurrence implements Branch {
    private final Backend backend;
    private final Linear input;
    private final Linear output;
    private final Tensor dHorizon;
    private final Tensor driven;
    private final DiagonalScan scan;
    private final Optional<DiagonalScan.Gradient> gradient;
    private final Optional<Tensor> dDriven;

    Recurrence(Site site, int width, boolean gated) {
      Memory memory = site.memory();
      String name = site.name();
      int batch = site.batch();
      int length = site.length();
      int row = gated ? 3 * width : width;
      this.backend = memory.backend();
      this.input = new Linear(memory, name + ".input", name + (gated ? ".gate" : ".input"));
      this.output = new Linear(memory, name + ".output");
      this.dHorizon = memory.parameters().gradient(name + ".horizon");
      this.driven = memory.kept("mixer.driven", batch, length, row);
      this.scan =
          new DiagonalScan(
              driven,
              gated ? Optional.of(gates(driven, width)) : Optional.empty(),
              memory.parameters().value(name + ".horizon"),
              memory.kept("mixer.states", batch, length, width),
              row);
      this.dDriven = memory.gradient("mixer.ddriven", batch, length, row);
      this.gradient =
          dDriven.map(
              d ->
                  new DiagonalScan.Gradient(
                      scan,
                      memory.scratch("mixer.dstates", batch, length, width),
                      d,
                      scan.gates().map(g -> gates(d, width)),
                      memory.scratch("mixer.dhorizon", batch, width)));
    }

    /** What follows u in each token. */
    private static Tensor gates(Tensor driven, int width) {
      return driven.part(width, driven.perReplica() - width);
    }

    @Override
    public void forward(Tensor x, Optional<Tensor> residual, Tensor out) {
      input.forward(x, Optional.empty(), driven);
      backend.diagonalScan(scan);
      output.forward(scan.h(), residual, out);
    }

    @Override
    public void backward(Tensor dOut, Tensor x, Tensor dX, boolean accumulate) {
      DiagonalScan.Gradient g = gradient.orElseThrow();
      output.backward(dOut, scan.h(), g.dH(), false);
      backend.diagonalScanBackward(g);
      backend.biasBackward(g.dDecay(), dHorizon);
      input.backward(dDriven.orElseThrow(), x, dX, accumulate);
    }
  }
}
