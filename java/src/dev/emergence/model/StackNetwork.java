package dev.emergence.model;

import dev.emergence.model.NetworkOptions.Shortcut;
import dev.emergence.model.NetworkOptions.Use;
import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.Span;
import dev.emergence.spec.Stack;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A {@link StackModel} for one batch size. How tokens reach one another is its mixer's. */
final class StackNetwork implements Network {
  private final Memory memory;
  private final Stack spec;
  private final TokenMixer mixer;
  private final NetworkOptions options;
  private final Signature signature;
  private final Embedding embedding;
  private final Optional<Positions> positions;
  private final Tensor stream;
  private final List<Block> blocks = new ArrayList<>();
  private final List<Branch> mixers = new ArrayList<>();
  private final Readout readout;
  private Optional<Tensor> input = Optional.empty();

  StackNetwork(
      Memory memory, Stack spec, TokenMixer mixer, Signature signature, NetworkOptions options) {
    this.memory = memory;
    this.spec = spec;
    this.mixer = mixer;
    this.options = options;
    this.signature = signature;
    this.embedding =
        signature.discrete()
            ? new TokenEmbedding(memory, StackModel.EMBEDDING)
            : new VectorEmbedding(memory, StackModel.EMBEDDING);
    this.positions = positions(signature.length());
    // Blocks alternate between outputs 0 and 1; the first one reads 1.
    this.stream =
        memory.kept("block.out.1", options.batch(), signature.length(), spec.embeddingDim());
    Tensor x = stream;
    for (int layer = 0; layer < spec.layers(); layer++) {
      x = spec.residual() == Stack.Residual.PARALLEL ? parallel(layer, x) : sequential(layer, x);
    }
    Optional<String> norm =
        spec.layerNorm() == LayerNorm.PRE ? Optional.of(StackModel.FINAL_NORM) : Optional.empty();
    this.readout =
        new Readout(memory, StackModel.READOUT, norm, Readout.span(spec.readout(), signature), x);
  }

  private Optional<Positions> positions(int length) {
    return switch (spec.positionalEncoding()) {
      case SINUSOIDAL -> Optional.of(new SinusoidalPositions(memory, length, spec.embeddingDim()));
      case LEARNED -> Optional.of(new LearnedPositions(memory, StackModel.POSITIONS));
      case ROTARY, NONE -> Optional.empty(); // rotary positions turn queries and keys in the mixer
    };
  }

  private Tensor sequential(int layer, Tensor x) {
    Mixing mixing = mixing(layer, x);
    Tensor mixed = add(new ResidualBlock(memory, spec, mixing.branch(), mixing.place()));
    if (spec.mlpFactor() == 0) {
      return mixed;
    }
    String name = StackModel.block(layer, "mlp");
    long[] shape = Arrays.copyOfRange(mixed.shape(), 1, mixed.rank());
    Mlp mlp = new Mlp(memory, name, spec.activation(), tokens(shape));
    return add(new ResidualBlock(memory, spec, mlp, place(name, mixed, shape)));
  }

  private Tensor parallel(int layer, Tensor x) {
    Mixing mixing = mixing(layer, x);
    if (spec.mlpFactor() == 0) {
      return add(new ResidualBlock(memory, spec, mixing.branch(), mixing.place()));
    }
    String name = StackModel.block(layer, "mlp");
    Mlp mlp = new Mlp(memory, name, spec.activation(), tokens(mixing.place().written()));
    Optional<String> norm =
        spec.layerNorm() == LayerNorm.PRE
            ? Optional.of(ResidualBlock.norm(name))
            : Optional.empty();
    return add(
        new ParallelBlock(
            memory, spec.skipConnections(), mixing.branch(), mixing.place(), mlp, norm));
  }

  /** A mixer's branch and where it stands. */
  private record Mixing(Branch branch, ResidualBlock.Place place) {}

  private Mixing mixing(int layer, Tensor x) {
    String name = StackModel.block(layer, mixer.role());
    Site site =
        new Site(
            memory,
            name,
            layer,
            options.batch(),
            signature.length(),
            options,
            layer == 0 ? source() : Optional.empty());
    Optional<Branch> last =
        readsLastAlone(layer) && options.shortcut() != Shortcut.NONE
            ? mixer.last(site)
            : Optional.empty();
    Branch branch = last.orElseGet(() -> mixer.every(site));
    mixers.add(branch);
    long batch = options.batch();
    long width = spec.embeddingDim();
    return new Mixing(
        branch,
        last.isPresent()
            ? place(name, x, batch, width)
            : place(name, x, batch, signature.length(), width));
  }

  private boolean readsLastAlone(int layer) {
    Optional<Span> last = Optional.of(Span.last(signature.length()));
    return Readout.span(spec.readout(), signature).equals(last) && layer == spec.layers() - 1;
  }

  /** What the first block's input is made of, where a branch can look through it. */
  private Optional<Site.Source> source() {
    boolean norm = spec.layerNorm() == LayerNorm.PRE;
    if (positions.isEmpty()) {
      return Optional.empty();
    }
    Positions added = positions.get();
    if (embedding instanceof TokenEmbedding tokens) {
      return norm ? Optional.of(new Site.Tokens(added, this::read, tokens)) : Optional.empty();
    }
    return norm
        ? Optional.empty()
        : Optional.of(new Site.Vectors(added, this::read, signature.inputs()));
  }

  private ResidualBlock.Place place(String name, Tensor x, long... written) {
    return new ResidualBlock.Place(name, blocks.size(), x, written);
  }

  /** Shape without the width. */
  private static long[] tokens(long[] shape) {
    return Arrays.copyOf(shape, shape.length - 1);
  }

  private Tensor add(Block block) {
    blocks.add(block);
    return block.out();
  }

  @Override
  public void forward(Tensor input) {
    this.input = Optional.of(input);
    embedding.forward(input, stream);
    positions.ifPresent(p -> p.forward(stream));
    blocks.forEach(Block::forward);
    readout.forward();
  }

  @Override
  public Tensor prediction() {
    return readout.prediction();
  }

  @Override
  public Optional<Tensor> hidden() {
    return Optional.of(readout.read());
  }

  @Override
  public void backward(Tensor dPrediction) {
    if (!memory.training()) {
      throw new IllegalStateException(
          "a network for "
              + options.use()
              + " keeps nothing for a backward pass; make one for TRAINING");
    }
    Tensor read = read();
    Tensor d = readout.backward(dPrediction);
    for (int i = blocks.size() - 1; i >= 0; i--) {
      d = blocks.get(i).backward(d);
    }
    Tensor dStream = d;
    positions.ifPresent(p -> p.backward(dStream));
    embedding.backward(dStream, read);
    mixers.forEach(Branch::backwardSource);
  }

  /** What the forward pass at hand, or the last one, reads. */
  private Tensor read() {
    return input.orElseThrow(
        () -> new IllegalStateException("backward follows a forward pass; there was none"));
  }

  @Override
  public List<Attention> attention() {
    if (options.use() != Use.INSPECTION) {
      throw new IllegalStateException(
          "a network for "
              + options.use()
              + " shares or shortens its attention; make one for INSPECTION");
    }
    return mixers.stream().flatMap(m -> m.attention().stream()).toList();
  }
}
