package dev.emergence.model;

import dev.emergence.spec.Stack;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.FastWeights;
import dev.emergence.tensor.FastWeights.Feature;
import dev.emergence.tensor.Tensor;
import java.util.Optional;

/**
 * Queries, keys and values by one product; in each head a matrix that tokens write to and read
 * from; one product back to the width of the stream. With gates, two numbers a head and token come
 * from a product of their own.
 */
final class FastWeightBranch implements Branch {
  static final String KEEP = ".keep";
  static final String WRITE = ".write";

  /** What a file's keys make of the rule. */
  record Rule(int heads, int headDim, Feature feature, boolean gated, boolean normalised) {
    int inner() {
      return heads * headDim;
    }
  }

  private final Backend backend;
  private final Linear projection;
  private final Linear output;
  private final Optional<Linear> gating;
  private final Tensor qkv;
  private final Tensor mixed;
  private final Optional<Tensor> gates;
  private final FastWeights scan;
  private final Optional<FastWeights.Gradient> gradient;
  private final Optional<Tensor> dQkv;

  FastWeightBranch(Site site, Rule rule) {
    Memory memory = site.memory();
    String name = site.name();
    int batch = site.batch();
    int length = site.length();
    int inner = rule.inner();
    this.backend = memory.backend();
    this.projection = new Linear(memory, name + ".query", name + ".value");
    this.output = new Linear(memory, name + ".output");
    this.gating =
        rule.gated()
            ? Optional.of(new Linear(memory, name + KEEP, name + WRITE))
            : Optional.empty();
    this.qkv = memory.kept("mixer.qkv", batch, length, 3L * inner);
    this.mixed = memory.kept("mixer.mixed", batch, length, inner);
    this.gates = gating.map(g -> memory.kept("mixer.gates", batch, length, 2L * rule.heads()));
    this.scan =
        new FastWeights(
            third(qkv, 0, inner),
            third(qkv, 1, inner),
            third(qkv, 2, inner),
            gates,
            mixed,
            new FastWeights.Shape(
                batch, length, rule.heads(), rule.headDim(), 3 * inner, 2 * rule.heads()),
            rule.feature(),
            rule.normalised(),
            rule.feature() == Feature.UNIT ? 1 : 1 / Math.sqrt(rule.headDim()));
    this.dQkv = memory.gradient("mixer.dqkv", batch, length, 3L * inner);
    this.gradient = dQkv.map(d -> gradient(memory, d, inner));
  }

  private FastWeights.Gradient gradient(Memory memory, Tensor d, int inner) {
    FastWeights.Shape s = scan.shape();
    return new FastWeights.Gradient(
        scan,
        memory.scratch("mixer.dmixed", s.batch(), s.length(), inner),
        third(d, 0, inner),
        third(d, 1, inner),
        third(d, 2, inner),
        gates.map(g -> memory.scratch("mixer.dgates", s.batch(), s.length(), 2L * s.heads())));
  }

  private static Tensor third(Tensor qkv, int which, int inner) {
    long start = (long) which * inner;
    return qkv.part(start, qkv.perReplica() - start);
  }

  /** Queries, keys and values side by side, then the output. */
  static void declare(Layout.Builder layout, String name, Stack stack, Rule rule) {
    LinearKind kind = LinearKind.mixing(stack);
    int width = stack.embeddingDim();
    Linear.declare(
        layout, kind, rule.inner(), width, name + ".query", name + ".key", name + ".value");
    Linear.declare(layout, kind.last(stack), width, rule.inner(), name + ".output");
  }

  @Override
  public void forward(Tensor x, Optional<Tensor> residual, Tensor out) {
    projection.forward(x, Optional.empty(), qkv);
    gating.ifPresent(g -> g.forward(x, Optional.empty(), gates.orElseThrow()));
    backend.fastWeights(scan);
    output.forward(mixed, residual, out);
  }

  @Override
  public void backward(Tensor dOut, Tensor x, Tensor dX, boolean accumulate) {
    FastWeights.Gradient g = gradient.orElseThrow();
    output.backward(dOut, mixed, g.dOut(), false);
    backend.fastWeightsBackward(g);
    projection.backward(dQkv.orElseThrow(), x, dX, accumulate);
    gating.ifPresent(l -> l.backward(g.dGates().orElseThrow(), x, dX, true));
  }
}
