package dev.emergence.model;

import dev.emergence.model.NetworkOptions.Fold;
import dev.emergence.model.NetworkOptions.Shortcut;
import dev.emergence.model.NetworkOptions.Use;
import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.Stack;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A {@link Transformer} for one batch size. */
final class TransformerNetwork implements Network {
  /**
   * On a GPU, operations that are worth ten further launches of 2 us inside a graph: at 200 TFLOP/s
   * 20 us, at float32's rate more. Computed, not measured.
   */
  private static final double TEN_LAUNCHES = 4e9;

  private final Memory memory;
  private final ArchitectureSpec.Transformer spec;
  private final Stack shared;
  private final NetworkOptions options;
  private final Signature signature;
  private final Embedding embedding;
  private final Optional<Positions> positions;
  private final Tensor stream;
  private final List<ResidualBlock> blocks = new ArrayList<>();
  private final List<Attention> attentions = new ArrayList<>();
  private final Readout readout;
  private Optional<EmbeddedProjection> folded = Optional.empty();
  private Optional<Tensor> input = Optional.empty();

  TransformerNetwork(
      Memory memory,
      ArchitectureSpec.Transformer spec,
      Signature signature,
      NetworkOptions options) {
    this.memory = memory;
    this.spec = spec;
    this.shared = spec.shared();
    this.options = options;
    this.signature = signature;
    this.embedding =
        signature.discrete()
            ? new TokenEmbedding(memory, Transformer.EMBEDDING)
            : new VectorEmbedding(memory, Transformer.EMBEDDING);
    this.positions = positions(signature.length());
    // Blocks alternate between outputs 0 and 1; the first one reads 1.
    this.stream =
        memory.kept("block.out.1", options.batch(), signature.length(), shared.embeddingDim());
    Tensor x = stream;
    for (int layer = 0; layer < shared.layers(); layer++) {
      x = attentionBlock(layer, x);
      if (shared.mlpFactor() > 0) {
        x = mlpBlock(layer, x);
      }
    }
    Optional<String> norm =
        shared.layerNorm() == LayerNorm.PRE
            ? Optional.of(Transformer.FINAL_NORM)
            : Optional.empty();
    this.readout = new Readout(memory, Transformer.READOUT, norm, shared.readout(), x);
  }

  private Optional<Positions> positions(int length) {
    return switch (shared.positionalEncoding()) {
      case SINUSOIDAL ->
          Optional.of(new SinusoidalPositions(memory, length, shared.embeddingDim()));
      case LEARNED -> Optional.of(new LearnedPositions(memory, Transformer.POSITIONS));
      case NONE -> Optional.empty();
    };
  }

  private Tensor attentionBlock(int layer, Tensor x) {
    String name = Transformer.attention(layer);
    AttentionShape shape = AttentionShape.of(spec, options.batch(), x.dim(2));
    boolean readLast =
        shared.readout() == ArchitectureSpec.Readout.LAST && layer == shared.layers() - 1;
    if (readLast && options.shortcut() != Shortcut.NONE) {
      return add(lastToken(name, shape), name, x, shape.batch(), shape.width());
    }
    SelfAttention attention =
        new SelfAttention(memory, name, shape, projection(layer, name, shape));
    attentions.add(attention.attention());
    return add(attention, name, x, shape.batch(), shape.length(), shape.width());
  }

  private Projection projection(int layer, String name, AttentionShape shape) {
    if (layer > 0 || !folds(shape)) {
      return new StreamProjection(memory, name);
    }
    folded =
        Optional.of(
            new EmbeddedProjection(memory, name, shape, positions.orElseThrow(), this::read));
    return folded.get();
  }

  /** Whether the first block looks through the embedding. */
  private boolean folds(AttentionShape shape) {
    boolean linear =
        !signature.discrete() && positions.isPresent() && shared.layerNorm() != LayerNorm.PRE;
    boolean cheaper =
        options.fold() == Fold.CHEAPEST
            && pays(shape.operationsSavedByEmbedding(signature.inputs()));
    return linear && (cheaper || options.fold() == Fold.ALWAYS);
  }

  /**
   * Whether so many operations less are worth some smaller operations more. A replica decides for
   * itself: a run must have the same bits alone and in a cohort.
   */
  private boolean pays(double saved) {
    boolean gpu = memory.backend().name().equals("cuda");
    return saved > (gpu ? TEN_LAUNCHES : 0);
  }

  /** Attention of the last token alone. What is to be looked at keeps its keys. */
  private Branch lastToken(String name, AttentionShape shape) {
    boolean cheaper =
        options.shortcut() == Shortcut.CHEAPEST
            && shape.cheaperWithoutKeys()
            && pays(shape.operationsOfKeys());
    if (options.use() != Use.INSPECTION && (cheaper || options.shortcut() == Shortcut.NO_KEYS)) {
      return new KeylessAttention(memory, name, shape);
    }
    LastQueryAttention attention = new LastQueryAttention(memory, name, shape);
    attentions.add(attention.attention());
    return attention;
  }

  private Tensor mlpBlock(int layer, Tensor x) {
    String name = Transformer.mlp(layer);
    boolean oneToken = x.rank() == 3;
    long[] shape =
        oneToken ? new long[] {x.dim(1), x.dim(2)} : new long[] {x.dim(1), x.dim(2), x.dim(3)};
    long[] tokens = oneToken ? new long[] {x.dim(1)} : new long[] {x.dim(1), x.dim(2)};
    return add(new Mlp(memory, name, shared.activation(), tokens), name, x, shape);
  }

  private Tensor add(Branch branch, String name, Tensor x, long... written) {
    ResidualBlock block =
        new ResidualBlock(
            memory,
            shared,
            branch,
            new ResidualBlock.Place(name + "_norm", blocks.size(), x, written));
    blocks.add(block);
    return block.out();
  }

  @Override
  public void forward(Tensor input) {
    this.input = Optional.of(input);
    embedding.forward(input, stream);
    positions.ifPresent(p -> p.forward(stream));
    blocks.forEach(ResidualBlock::forward);
    readout.forward();
  }

  @Override
  public Tensor prediction() {
    return readout.prediction();
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
    folded.ifPresent(EmbeddedProjection::backwardEmbedding);
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
    return List.copyOf(attentions);
  }
}
