package dev.emergence.spec;

import dev.emergence.spec.ArchitectureSpec.Activation;
import dev.emergence.spec.ArchitectureSpec.AttentionMask;
import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.ArchitectureSpec.PositionalEncoding;
import dev.emergence.spec.ArchitectureSpec.Readout;
import dev.emergence.spec.Stack.Residual;
import java.util.List;
import java.util.Map;

/**
 * The architecture of GPT-NeoX and Pythia (Black et al. 2022; Biderman et al. 2023) in our words.
 */
public final class GptNeox {
  private GptNeox() {}

  /**
   * A decoder with rotary positions and a layer norm before each branch.
   *
   * @param width of the residual stream; heads share it evenly
   * @param mlpFactor hidden width of the MLP over {@code width}
   * @param rotaryShare share of a head's width that turns with the position
   * @param parallel whether both branches of a block read its input
   */
  public static ArchitectureSpec of(
      int layers, int width, int heads, int mlpFactor, double rotaryShare, boolean parallel) {
    Stack stack =
        Defaults.with(
            Stack.class,
            Map.of(
                "layers",
                layers,
                "embedding_dim",
                width,
                "mlp_factor",
                mlpFactor,
                "positional_encoding",
                PositionalEncoding.ROTARY,
                "layer_norm",
                LayerNorm.PRE,
                "activation",
                Activation.GELU,
                "readout",
                Readout.AUTO,
                "residual",
                parallel ? Residual.PARALLEL : Residual.SEQUENTIAL));
    return new TransformerSpec(
        stack, heads, width / heads, AttentionMask.CAUSAL, List.of(), rotaryShare);
  }
}
