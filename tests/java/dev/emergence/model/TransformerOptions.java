package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec.Activation;
import dev.emergence.spec.ArchitectureSpec.AttentionMask;
import dev.emergence.spec.ArchitectureSpec.Initialization;
import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.ArchitectureSpec.PositionalEncoding;
import dev.emergence.spec.ArchitectureSpec.Readout;
import dev.emergence.spec.ArchitectureSpec.TokenInitialization;
import dev.emergence.spec.ArchitectureSpec.Transformer;

/** Builds Transformer records for tests: tiny ones in which all sizes differ. */
record TransformerOptions(Transformer spec) {

  /** 2 layers, 2 heads of 3, width 5, MLP of 15; causal, GELU, read from the last, no norm. */
  static TransformerOptions small() {
    return new TransformerOptions(
        new Transformer(
            2,
            2,
            5,
            3,
            3,
            PositionalEncoding.SINUSOIDAL,
            LayerNorm.NONE,
            AttentionMask.CAUSAL,
            Activation.GELU,
            Readout.LAST,
            Initialization.UNIFORM_FAN_IN,
            TokenInitialization.NORMAL,
            true));
  }

  TransformerOptions layers(int layers) {
    return with(
        layers,
        spec.mlpFactor(),
        spec.layerNorm(),
        spec.attention(),
        spec.activation(),
        spec.skipConnections());
  }

  TransformerOptions mlpFactor(int factor) {
    return with(
        spec.layers(),
        factor,
        spec.layerNorm(),
        spec.attention(),
        spec.activation(),
        spec.skipConnections());
  }

  TransformerOptions norm(LayerNorm norm) {
    return with(
        spec.layers(),
        spec.mlpFactor(),
        norm,
        spec.attention(),
        spec.activation(),
        spec.skipConnections());
  }

  TransformerOptions full() {
    return with(
        spec.layers(),
        spec.mlpFactor(),
        spec.layerNorm(),
        AttentionMask.FULL,
        spec.activation(),
        spec.skipConnections());
  }

  TransformerOptions relu() {
    return with(
        spec.layers(),
        spec.mlpFactor(),
        spec.layerNorm(),
        spec.attention(),
        Activation.RELU,
        spec.skipConnections());
  }

  TransformerOptions withoutSkips() {
    return with(
        spec.layers(),
        spec.mlpFactor(),
        spec.layerNorm(),
        spec.attention(),
        spec.activation(),
        false);
  }

  TransformerOptions readout(Readout readout) {
    return read(readout, spec.positionalEncoding());
  }

  TransformerOptions positions(PositionalEncoding positions) {
    return read(spec.readout(), positions);
  }

  private TransformerOptions with(
      int layers,
      int mlp,
      LayerNorm norm,
      AttentionMask mask,
      Activation activation,
      boolean skip) {
    Transformer s = spec;
    return new TransformerOptions(
        new Transformer(
            layers,
            s.heads(),
            s.embeddingDim(),
            s.headDim(),
            mlp,
            s.positionalEncoding(),
            norm,
            mask,
            activation,
            s.readout(),
            s.initialization(),
            s.tokenInitialization(),
            skip));
  }

  private TransformerOptions read(Readout readout, PositionalEncoding positions) {
    Transformer s = spec;
    return new TransformerOptions(
        new Transformer(
            s.layers(),
            s.heads(),
            s.embeddingDim(),
            s.headDim(),
            s.mlpFactor(),
            positions,
            s.layerNorm(),
            s.attention(),
            s.activation(),
            readout,
            s.initialization(),
            s.tokenInitialization(),
            s.skipConnections()));
  }
}
