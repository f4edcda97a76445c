package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec.Activation;
import dev.emergence.spec.ArchitectureSpec.AttentionMask;
import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.ArchitectureSpec.PositionalEncoding;
import dev.emergence.spec.ArchitectureSpec.Readout;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.LogitBias;
import dev.emergence.spec.Stack.Biases;
import dev.emergence.spec.Stack.OutputInitialization;
import dev.emergence.spec.Stack.Residual;
import dev.emergence.spec.TransformerSpec;
import java.util.List;
import java.util.Map;

/** Builds Transformer records for tests: tiny ones in which all sizes differ. */
record TransformerOptions(TransformerSpec spec) {

  /** 2 layers, 2 heads of 3, width 5, MLP of 15; causal, GELU, read from the last, no norm. */
  static TransformerOptions small() {
    return new TransformerOptions(
        Defaults.with(
            TransformerSpec.class,
            Map.of("layers", 2, "heads", 2, "embedding_dim", 5, "head_dim", 3, "mlp_factor", 3)));
  }

  private TransformerOptions with(String key, Object value) {
    return new TransformerOptions(Defaults.change(spec, Map.of(key, value)));
  }

  TransformerOptions guided(LogitBias... biases) {
    return with("logit_bias", List.of(biases));
  }

  TransformerOptions layers(int layers) {
    return with("layers", layers);
  }

  TransformerOptions mlpFactor(int factor) {
    return with("mlp_factor", factor);
  }

  TransformerOptions norm(LayerNorm norm) {
    return with("layer_norm", norm);
  }

  TransformerOptions full() {
    return with("attention", AttentionMask.FULL);
  }

  TransformerOptions relu() {
    return with("activation", Activation.RELU);
  }

  TransformerOptions withoutSkips() {
    return with("skip_connections", false);
  }

  TransformerOptions readout(Readout readout) {
    return with("readout", readout);
  }

  TransformerOptions positions(PositionalEncoding positions) {
    return with("positional_encoding", positions);
  }

  /** Rotary positions, in heads of an even width. */
  TransformerOptions rotary() {
    return with("head_dim", 4).positions(PositionalEncoding.ROTARY);
  }

  /** The same, of which half turn. */
  TransformerOptions halfRotary() {
    return rotary().with("rotary_share", 0.5);
  }

  TransformerOptions parallel() {
    return with("residual", Residual.PARALLEL);
  }

  TransformerOptions biases(Biases biases) {
    return with("biases", biases);
  }

  TransformerOptions zeroOutputs() {
    return with("output_initialization", OutputInitialization.ZERO);
  }
}
