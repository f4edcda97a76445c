package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.ArchitectureSpec.PositionalEncoding;
import dev.emergence.spec.Stack;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;

/**
 * The papers' Transformer (Zucchet et al. 2025, Table 1): embedding, positions, blocks of attention
 * and MLP on a residual stream, read-out. Parameters are named {@code embedding}, {@code
 * positions}, {@code blocks.0.attention.query}, {@code blocks.0.mlp.hidden}, {@code final_norm},
 * {@code readout}.
 */
final class Transformer implements Model {
  static final String EMBEDDING = "embedding";
  static final String POSITIONS = "positions";
  static final String FINAL_NORM = "final_norm";
  static final String READOUT = "readout";

  private final ArchitectureSpec.Transformer spec;
  private final Signature signature;
  private final Layout layout;

  Transformer(ArchitectureSpec.Transformer spec, Signature signature) {
    this.spec = spec;
    this.signature = signature;
    this.layout = declare();
  }

  private Layout declare() {
    Stack shared = spec.shared();
    Layout.Builder b = new Layout.Builder();
    if (signature.discrete()) {
      TokenEmbedding.declare(b, EMBEDDING, shared, signature);
    } else {
      VectorEmbedding.declare(b, EMBEDDING, shared, signature);
    }
    if (shared.positionalEncoding() == PositionalEncoding.LEARNED) {
      LearnedPositions.declare(b, POSITIONS, shared, signature.length());
    }
    boolean norms = shared.layerNorm() != LayerNorm.NONE;
    for (int layer = 0; layer < shared.layers(); layer++) {
      AttentionShape.declare(b, attention(layer), spec);
      if (norms) {
        Norm.declare(b, attention(layer) + "_norm", shared.embeddingDim());
      }
      if (shared.mlpFactor() > 0) {
        Mlp.declare(b, mlp(layer), shared);
        if (norms) {
          Norm.declare(b, mlp(layer) + "_norm", shared.embeddingDim());
        }
      }
    }
    if (shared.layerNorm() == LayerNorm.PRE) {
      Norm.declare(b, FINAL_NORM, shared.embeddingDim());
    }
    Linear.declare(b, shared.initialization(), signature.outputs(), shared.embeddingDim(), READOUT);
    return b.build();
  }

  static String attention(int layer) {
    return "blocks." + layer + ".attention";
  }

  static String mlp(int layer) {
    return "blocks." + layer + ".mlp";
  }

  @Override
  public Layout layout() {
    return layout;
  }

  @Override
  public Network network(
      Backend backend, Scope scope, Parameters parameters, NetworkOptions options) {
    Memory memory = new Memory(backend, scope, parameters, options.use());
    return new TransformerNetwork(memory, spec, signature, options);
  }
}
