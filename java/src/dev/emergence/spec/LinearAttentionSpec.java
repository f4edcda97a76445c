package dev.emergence.spec;

import java.util.Optional;

/** Causal attention without softmax (Katharopoulos et al. 2020). */
@Kind(value = "linear_attention", doc = "Attention without softmax, and MLP blocks.")
public record LinearAttentionSpec(
    @Inline Stack shared,
    @Inline HeadSizes each,
    @Key(
            doc =
                "Function applied to queries and keys. none: nothing; elu: elu(x) + 1,"
                    + " which is positive.",
            value = "none")
        Feature feature,
    @Key(
            doc =
                "Whether the result is divided by the sum of the scores; needs feature:" + " elu.",
            value = "false")
        boolean normalised)
    implements ArchitectureSpec {

  /** What queries and keys pass through. */
  public enum Feature {
    /** Nothing: scores are products of queries and keys. */
    NONE,
    /** elu(x) + 1, which is positive. */
    ELU
  }

  @Override
  public Method method() {
    return Method.TRAINED;
  }

  @Override
  public int heads() {
    return 0; // nothing attends by softmax
  }

  @Override
  public Optional<Stack> stack() {
    return Optional.of(shared);
  }

  @Override
  public Work work(Prediction task) {
    double width = shared.embeddingDim();
    double all = each.all();
    double parameters = 3 * shared.mixingLayer(width, all) + shared.mixingLayer(all, width);
    double flops = task.length() * (8 * width * all + 4 * all * each.headDim());
    return shared.work(task, new Stack.Mixing(parameters, flops, flops, 4 * all));
  }

  @Override
  public void rules(Parts parts) {
    ArchitectureSpec.super.rules(parts);
    shared.rulesWithoutAttention(parts);
    if (normalised && feature == Feature.NONE) {
      parts.report(
          "architecture.normalised",
          "the scores of feature: none may sum to zero, by which nothing can be divided",
          "use feature: elu, or normalised: false",
          "architecture.feature");
    }
  }
}
