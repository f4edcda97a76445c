package dev.emergence.spec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Learned weights over positions instead of attention (Tolstikhin et al. 2021), causal. */
@Kind(value = "mlp_mixer", doc = "Learned causal weights over positions, and MLP blocks.")
public record MlpMixerSpec(
    @Inline Stack shared,
    @Key(
            doc =
                "What mixes the positions. static: one matrix of weights; multi_map:"
                    + " one matrix for each group of channels; token_mlp: an MLP over"
                    + " positions.",
            value = "token_mlp")
        Form form,
    @Key(
            doc =
                "With form: multi_map, the number of groups of channels; each has its"
                    + " own matrix.",
            value = "8",
            min = 1,
            max = 16384)
        int groups,
    @Key(
            doc = "With form: token_mlp, the number of hidden units for each position.",
            value = "4",
            min = 1,
            max = 16)
        int expansion)
    implements ArchitectureSpec {

  /** What mixes the positions. */
  public enum Form {
    /** One matrix over positions for all channels. */
    STATIC,
    /** One matrix for each group of neighbouring channels. */
    MULTI_MAP,
    /** Two matrices for all channels with the MLP's non-linearity between them. */
    TOKEN_MLP
  }

  @Override
  public Method method() {
    return Method.TRAINED;
  }

  @Override
  public int heads() {
    return 0;
  }

  @Override
  public Optional<Stack> stack() {
    return Optional.of(shared);
  }

  @Override
  public Work work(Prediction task) {
    double length = task.length();
    double square = length * length;
    double width = shared.embeddingDim();
    double maps =
        switch (form) {
          case STATIC -> 1;
          case MULTI_MAP -> groups;
          case TOKEN_MLP -> 2.0 * expansion;
        };
    // Half of a causal matrix is zero.
    double flops = square * width * (form == Form.TOKEN_MLP ? maps : 1);
    double hidden = form == Form.TOKEN_MLP ? 2 * expansion * width : 0;
    return shared.work(task, new Stack.Mixing(maps * square, flops, flops, hidden));
  }

  @Override
  public void rules(Parts parts) {
    ArchitectureSpec.super.rules(parts);
    shared.rulesWithoutAttention(parts);
    if (form == Form.MULTI_MAP && shared.embeddingDim() % groups != 0) {
      parts.report(
          "architecture.groups",
          shared.embeddingDim() + " channels cannot be cut into " + groups + " equal groups",
          "groups must divide embedding_dim",
          "architecture.embedding_dim");
    }
  }

  @Override
  public Map<String, String> unread(TaskSpec task) {
    Map<String, String> keys = new LinkedHashMap<>(ArchitectureSpec.super.unread(task));
    if (form != Form.MULTI_MAP) {
      keys.put("architecture.groups", "it is for form: multi_map");
    }
    if (form != Form.TOKEN_MLP) {
      keys.put("architecture.expansion", "it is for form: token_mlp");
    }
    return keys;
  }
}
