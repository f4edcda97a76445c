package dev.emergence.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The papers' Transformer (Zucchet et al. 2025, Table 1). */
@Kind(value = "transformer", doc = "Attention and MLP blocks on a residual stream.")
public record TransformerSpec(
    @Inline Stack shared,
    @Key(
            doc = "Number of attention heads in a layer.",
            symbol = "heads",
            value = "4",
            min = 1,
            max = 1024)
        int heads,
    @Key(
            doc = "Width of one head. It does not depend on embedding_dim.",
            symbol = "head_dim",
            value = "64",
            min = 1,
            max = 128)
        int headDim,
    @Key(
            doc =
                "Which tokens a token may attend to. causal: itself and earlier ones;"
                    + " full: all.",
            value = "causal")
        AttentionMask attention,
    @Key(doc = "A bias, or a list of biases, added to attention scores.", value = "[]", since = 2)
        List<LogitBias> logitBias,
    @Key(
            doc =
                "Share of a head's width that rotary positions turn. Pythia's models"
                    + " turn 0.25.",
            value = "1",
            since = 2,
            unit = "share",
            min = 0,
            max = 1)
        double rotaryShare)
    implements ArchitectureSpec {

  /** Copies the list. */
  public TransformerSpec {
    logitBias = List.copyOf(logitBias);
  }

  /** Without logit biases. */
  public TransformerSpec(Stack shared, int heads, int headDim, AttentionMask attention) {
    this(shared, heads, headDim, attention, List.of(), 1);
  }

  @Override
  public boolean looksAhead() {
    return attention == AttentionMask.FULL;
  }

  /** Numbers of a head that rotary positions turn; an even one. */
  public int rotated() {
    return (int) Math.round(rotaryShare * headDim);
  }

  @Override
  public Map<String, String> unread(TaskSpec task) {
    Map<String, String> keys = new LinkedHashMap<>(ArchitectureSpec.super.unread(task));
    if (shared.positionalEncoding() != PositionalEncoding.ROTARY) {
      keys.put("architecture.rotary_share", "it is for positional_encoding: rotary");
    }
    for (int i = 0; i < logitBias.size(); i++) {
      if (logitBias.get(i).toward() != LogitBias.Toward.OFFSET) {
        keys.put("architecture.logit_bias." + i + ".offset", "it is for toward: offset");
      }
    }
    return keys;
  }

  @Override
  public Method method() {
    return Method.TRAINED;
  }

  @Override
  public Optional<Stack> stack() {
    return Optional.of(shared);
  }

  @Override
  public TransformerSpec withStrengths(double strength) {
    List<LogitBias> equal = logitBias.stream().map(b -> b.with(strength)).toList();
    return new TransformerSpec(shared, heads, headDim, attention, equal, rotaryShare);
  }

  @Override
  public Work work(Prediction task) {
    double length = task.length();
    double width = shared.embeddingDim();
    double all = (double) heads * headDim;
    double scores = (attention == AttentionMask.CAUSAL ? 2 : 4) * length * length * all;
    Work work =
        shared.work(
            task,
            new Stack.Mixing(
                3 * shared.mixingLayer(width, all) + shared.mixingLayer(all, width),
                length * 8 * width * all + scores,
                length * 4 * width * all + 4 * width * all + 4 * length * all,
                5 * all));
    long strengths = logitBias.stream().filter(LogitBias::trainable).count();
    return new Work(work.parameters() + strengths, work.forwardFlops(), work.activations());
  }

  @Override
  public void rules(Parts parts) {
    ArchitectureSpec.super.rules(parts);
    shared.rules(parts);
    if (shared.positionalEncoding() == PositionalEncoding.ROTARY && headDim % 2 != 0) {
      parts.report(
          "architecture.head_dim",
          "rotary positions turn pairs of numbers of a head, and " + headDim + " is odd",
          "use an even head_dim, or positional_encoding: learned",
          "architecture.positional_encoding");
    } else if (shared.positionalEncoding() == PositionalEncoding.ROTARY
        && (rotated() < 2
            || rotated() % 2 != 0
            || Math.abs(rotated() - rotaryShare * headDim) > 1e-9 * headDim)) {
      parts.report(
          "architecture.rotary_share",
          "rotary positions turn pairs of numbers of a head, and "
              + (float) rotaryShare
              + " of head_dim "
              + headDim
              + " is no even whole number",
          "use a share such as 0.25 or 0.5 that gives pairs, or 1",
          "architecture.head_dim");
    }
  }
}
