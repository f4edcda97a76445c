package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.ArchitectureSpec.PositionalEncoding;
import dev.emergence.spec.Stack;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;

/**
 * An architecture on a residual stream: embedding, positions, blocks of a token mixer and an MLP,
 * read-out. With self-attention as the mixer it is the papers' Transformer (Zucchet et al. 2025,
 * Table 1). Parameters are named {@code embedding}, {@code positions}, {@code
 * blocks.0.attention.query}, {@code blocks.0.mlp.hidden}, {@code final_norm}, {@code readout}.
 */
final class StackModel implements Model {
  static final String EMBEDDING = "embedding";
  static final String POSITIONS = "positions";
  static final String FINAL_NORM = "final_norm";
  static final String READOUT = "readout";

  private final Stack spec;
  private final TokenMixer mixer;
  private final Signature signature;
  private final Layout layout;

  StackModel(Stack spec, TokenMixer mixer, Signature signature) {
    this.spec = spec;
    this.mixer = mixer;
    this.signature = signature;
    this.layout = declare();
  }

  private Layout declare() {
    Layout.Builder b = new Layout.Builder();
    if (signature.discrete()) {
      TokenEmbedding.declare(b, EMBEDDING, spec, signature);
    } else {
      VectorEmbedding.declare(b, EMBEDDING, spec, signature);
    }
    if (spec.positionalEncoding() == PositionalEncoding.LEARNED) {
      LearnedPositions.declare(b, POSITIONS, spec, signature.length());
    }
    boolean norms = spec.layerNorm() != LayerNorm.NONE;
    for (int layer = 0; layer < spec.layers(); layer++) {
      mixer.declare(b, block(layer, mixer.role()), signature.length());
      if (norms) {
        Norm.declare(b, block(layer, mixer.role()) + "_norm", spec.embeddingDim());
      }
      if (spec.mlpFactor() > 0) {
        Mlp.declare(b, block(layer, "mlp"), spec);
        if (norms) {
          Norm.declare(b, block(layer, "mlp") + "_norm", spec.embeddingDim());
        }
      }
    }
    if (spec.layerNorm() == LayerNorm.PRE) {
      Norm.declare(b, FINAL_NORM, spec.embeddingDim());
    }
    LinearKind kind = LinearKind.plain(spec).last(spec);
    Linear.declare(b, kind, signature.outputs(), spec.embeddingDim(), READOUT);
    // Last: a single number would move the others off their boundaries of four.
    mixer.declareShared(b);
    return b.build();
  }

  /** Whether a parameter makes vectors of tokens or positions. */
  static boolean isEmbedding(String name) {
    return name.startsWith(EMBEDDING + ".") || name.startsWith(POSITIONS + ".");
  }

  /** Whether a parameter is the last layer's. */
  static boolean isReadout(String name) {
    return name.startsWith(READOUT + ".");
  }

  /** Name of a part of a block. */
  static String block(int layer, String part) {
    return "blocks." + layer + "." + part;
  }

  @Override
  public Layout layout() {
    return layout;
  }

  @Override
  public Network network(
      Backend backend, Scope scope, Parameters parameters, NetworkOptions options) {
    Memory memory = new Memory(backend, scope, parameters, options.use());
    return new StackNetwork(memory, spec, mixer, signature, options);
  }
}
