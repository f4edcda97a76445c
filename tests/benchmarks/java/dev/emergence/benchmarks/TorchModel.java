package dev.emergence.benchmarks;

import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.TransformerSpec;
import java.util.Arrays;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The papers' Transformer with pre-norm or none, as one writes it in PyTorch. */
final class TorchModel {
  private static final double NORM_EPSILON = 1e-5;
  private static final String POSITIONS = "positions.weight";
  private final TransformerSpec spec;
  private final Arrays32 start;
  private final boolean shortcut;
  private final Prediction predicts;
  private final TensorVector parameters = new TensorVector();
  private final Tensor embedding;
  private final TensorOptional embeddingBias;
  private final Tensor positions;
  private final Block[] blocks;
  private final Affine finalNorm;
  private final Affine readout;

  /** A weight and a bias, of a linear layer or a layer norm. */
  private record Affine(Tensor weight, TensorOptional bias) {
    Tensor linear(Tensor x) {
      return torch.linear(x, weight, bias);
    }
  }

  /** One layer. @param query apart from keys and values only where it is asked for one position */
  private record Block(
      Affine attentionNorm,
      Affine query,
      Affine fused,
      Affine output,
      Affine mlpNorm,
      Affine hidden,
      Affine down) {}

  /** Takes its parameters from {@code start}. */
  TorchModel(TransformerSpec spec, Arrays32 start, Prediction predicts, boolean shortcut) {
    this.spec = spec;
    this.start = start;
    this.predicts = predicts;
    this.shortcut = shortcut;
    boolean discrete = !start.entries().containsKey("embedding.bias");
    this.embedding = parameter("embedding.weight");
    this.embeddingBias = discrete ? null : new TensorOptional(parameter("embedding.bias"));
    this.positions =
        start.entries().containsKey(POSITIONS)
            ? parameter(POSITIONS)
            : sinusoids(predicts.length(), spec.shared().embeddingDim());
    this.blocks = new Block[spec.shared().layers()];
    Arrays.setAll(blocks, this::block);
    this.finalNorm = normed() ? affine("final_norm") : null;
    this.readout = affine("readout");
  }

  private boolean normed() {
    return spec.shared().layerNorm() == LayerNorm.PRE;
  }

  private Block block(int layer) {
    String at = "blocks." + layer + ".attention";
    String mlp = "blocks." + layer + ".mlp";
    boolean apart = shortcut && layer == spec.shared().layers() - 1;
    return new Block(
        normed() ? affine(at + "_norm") : null,
        apart ? affine(at + ".query") : null,
        apart
            ? affine(at + ".key", at + ".value")
            : affine(at + ".query", at + ".key", at + ".value"),
        affine(at + ".output"),
        normed() ? affine(mlp + "_norm") : null,
        affine(mlp + ".hidden"),
        affine(mlp + ".output"));
  }

  /** The parameters of these names stacked. */
  private Affine affine(String... names) {
    boolean norm = !start.entries().containsKey(names[0] + ".weight");
    String bias = norm ? ".beta" : ".bias";
    boolean biased = start.entries().containsKey(names[0] + bias);
    return new Affine(
        parameter(suffixed(names, norm ? ".gamma" : ".weight")),
        biased ? new TensorOptional(parameter(suffixed(names, bias))) : new TensorOptional());
  }

  private static String[] suffixed(String[] names, String suffix) {
    return Arrays.stream(names).map(name -> name + suffix).toArray(String[]::new);
  }

  private Tensor parameter(String... names) {
    TensorVector parts = new TensorVector();
    for (String name : names) {
      Arrays32.Entry entry = start.of(name);
      parts.push_back(Tensor.create(entry.values(), entry.shape()));
    }
    Tensor stacked = torch.cat(parts).contiguous();
    stacked.set_requires_grad(true);
    parameters.push_back(stacked);
    return stacked;
  }

  private static Tensor sinusoids(int length, int width) {
    float[] table = new float[length * width];
    for (int i = 0; i < table.length; i++) {
      int j = i % width;
      double angle = i / width / Math.pow(10_000, (double) (j - j % 2) / width);
      table[i] = (float) (j % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
    }
    return Tensor.create(table, length, width);
  }

  /** All that is trained. */
  TensorVector parameters() {
    return parameters;
  }

  /** Mean loss of a batch: ours, half the squared distance or the cross entropy. */
  Tensor loss(Tensor input, Tensor target) {
    Tensor prediction = predict(input);
    if (embeddingBias == null) {
      return torch.cross_entropy_loss(
          prediction.reshape(-1, predicts.outputs()), target.reshape(-1));
    }
    long sum = 2; // at::Reduction::Sum
    return torch.mse_loss(prediction, target, sum).mul(new Scalar(0.5 / input.size(0)));
  }

  private Tensor predict(Tensor input) {
    Tensor x =
        embeddingBias == null
            ? torch.embedding(embedding, input)
            : torch.linear(input, embedding, embeddingBias);
    x = x.add(positions);
    for (Block block : blocks) {
      Tensor read = norm(block.attentionNorm(), x);
      if (block.query() != null) {
        x = last(x).add(attendLast(block, read));
      } else {
        x = x.add(attend(block, read));
      }
      Tensor h = torch.gelu(block.hidden().linear(norm(block.mlpNorm(), x)));
      x = x.add(block.down().linear(h));
    }
    if (x.dim() == 3) {
      x = scored(x);
    }
    return readout.linear(norm(finalNorm, x));
  }

  /** The positions that are predicted from: (B, D) of one, else (B, Q, D). */
  private Tensor scored(Tensor x) {
    return predicts.lastOnly()
        ? last(x)
        : x.narrow(1, predicts.scored().first(), predicts.scored().count());
  }

  private static Tensor last(Tensor x) {
    return x.select(1, x.size(1) - 1);
  }

  private Tensor norm(Affine norm, Tensor x) {
    if (norm == null) {
      return x;
    }
    return torch.layer_norm(
        x,
        new long[] {spec.shared().embeddingDim()},
        new TensorOptional(norm.weight()),
        norm.bias(),
        NORM_EPSILON,
        false);
  }

  private Tensor attend(Block block, Tensor x) {
    Tensor qkv =
        block.fused().linear(x).view(x.size(0), x.size(1), 3, spec.heads(), spec.headDim());
    Tensor mixed = attention(part(qkv, 0), part(qkv, 1), part(qkv, 2), true);
    return block.output().linear(mixed.transpose(1, 2).reshape(x.size(0), x.size(1), -1));
  }

  private Tensor attendLast(Block block, Tensor x) {
    Tensor q = block.query().linear(last(x)).view(x.size(0), spec.heads(), 1, spec.headDim());
    Tensor kv = block.fused().linear(x).view(x.size(0), x.size(1), 2, spec.heads(), spec.headDim());
    Tensor mixed = attention(q, part(kv, 0), part(kv, 1), false);
    return block.output().linear(mixed.reshape(x.size(0), -1));
  }

  /** (B, H, L, Dh) of (B, L, n, H, Dh). */
  private static Tensor part(Tensor fused, int which) {
    return fused.select(2, which).transpose(1, 2);
  }

  private static Tensor attention(Tensor q, Tensor k, Tensor v, boolean causal) {
    return torch.scaled_dot_product_attention(
        q, k, v, new TensorOptional(), 0, causal, new DoubleOptional(), false);
  }
}
