package dev.emergence.spec;

import java.util.Optional;
import java.util.Set;

/**
 * Recall by k of m attributes: blocks of attributes, each followed by a value, then a query block
 * that agrees with exactly one of them in the k relevant attributes; predict that block's value.
 * Which attributes are relevant is fixed for a run. Where the block stands is not, so that
 * attention must be guided by content: the companion of {@link LinearMap}, where it is guided by
 * position.
 */
@Kind(
    value = "block_recall",
    doc =
        "A sequence of blocks, each with attributes and a value, then a query"
            + " block. The target is the value of the block that has the same relevant"
            + " attributes as the query.")
public record BlockRecall(
    @Key(doc = "Number of blocks before the query.", symbol = "N_blocks", min = 1, max = 4096)
        int blocks,
    @Key(doc = "Number of attributes of a block.", symbol = "m", min = 1, max = 256) int attributes,
    @Key(
            doc =
                "Number of attributes that must agree. Which ones is drawn once for" + " each run.",
            symbol = "k",
            min = 1,
            max = 256,
            atMost = "task.attributes")
        int relevant,
    @Key(doc = "Number of values that an attribute can take.", min = 2, max = 4096, value = "4")
        int alphabet,
    @Key(doc = "Number of values that can be recalled.", min = 2, max = 4096, value = "4")
        int values)
    implements TaskSpec {

  /** Tokens in a sequence: blocks with their values, then the query. */
  public int length() {
    return blocks * (attributes + 1) + attributes;
  }

  /** Different settings of the relevant attributes, A^k; {@link Long#MAX_VALUE} from 2^60 on. */
  public long codes() {
    double codes = Math.pow(alphabet, relevant);
    return codes >= 0x1p60 ? Long.MAX_VALUE : Math.round(codes);
  }

  @Override
  public void rules(Parts parts) {
    if (relevant > attributes) {
      parts.report(Problem.exceeds("task.relevant", relevant, attributes, "task.attributes"));
    }
    if (blocks > codes()) {
      parts.report(
          "task.blocks",
          blocks
              + " blocks must differ in their relevant attributes, but there are only alphabet ^"
              + " relevant = "
              + codes()
              + " settings of these",
          "use fewer blocks, or more relevant attributes or a larger alphabet",
          "task.alphabet",
          "task.relevant");
    }
    if (codes() == Long.MAX_VALUE) {
      parts.report(
          "task.relevant",
          "alphabet ^ relevant must be below 2^60",
          "use fewer relevant attributes or a smaller alphabet",
          "task.alphabet");
    }
  }

  @Override
  public boolean drawsOnce(boolean repeats) {
    return relevant < attributes;
  }

  @Override
  public Optional<Guess> guess(int copies) {
    return Optional.of(Guess.ofContext(blocks, values, "N_blocks"));
  }

  @Override
  public Set<AttentionRecord> attention() {
    return TaskSpec.ofParents();
  }

  @Override
  public Prediction predicts() {
    return Prediction.ofLast(length(), alphabet + values, true, values, Loss.CROSS_ENTROPY);
  }
}
