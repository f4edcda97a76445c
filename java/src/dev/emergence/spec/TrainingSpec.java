package dev.emergence.spec;

import java.util.Map;
import java.util.Optional;

/** How the model is trained. */
public record TrainingSpec(
    @Key(doc = "How parameters are updated.", value = "{kind: adam}") OptimizerSpec optimizer,
    @Key(
            doc = "Number of sequences drawn for each step.",
            value = "32",
            unit = "samples",
            min = 1,
            max = 1048576)
        int batchSize,
    @Key(
            doc =
                "Instead of batch_size: number of tokens drawn for each step, a"
                    + " multiple of the sequence length.",
            value = Key.ABSENT,
            since = 2,
            unit = "tokens",
            min = 1,
            max = 1073741824,
            identity = false)
        Optional<Integer> tokensPerStep,
    @Key(
            doc =
                "Last step of a run. A run that has not emerged by then is unreached. A"
                    + " larger number continues stored runs.",
            value = "50000",
            unit = "steps",
            min = 0,
            max = 1e12,
            identity = false)
        long maxSteps,
    @Key(
            doc = "End of a gradient flow, in its own time.",
            value = "1e7",
            unit = "time",
            min = 0,
            max = 1e15,
            identity = false)
        double maxTime,
    @Key(doc = "How the learning rate changes over steps.", value = "{kind: constant}")
        ScheduleSpec schedule,
    @Key(
            doc =
                "Largest allowed norm of the whole gradient. A larger gradient is"
                    + " scaled down to it. 0: no clipping.",
            value = "0.0",
            min = 0,
            max = 1e9)
        double gradientClip,
    @Key(
            doc =
                "Arithmetic of matrix products and attention. float32: single"
                    + " precision; tf32, bf16: inputs are rounded to 10 or 7 bits (cuda only).",
            value = "float32")
        Precision precision) {

  /**
   * The same with as many sequences as its tokens make; unchanged where they do not divide evenly.
   * What was written stays, so that it can be an axis; the number of sequences decides the result.
   */
  TrainingSpec inSequences(int length) {
    return tokensPerStep
        .filter(tokens -> tokens % length == 0)
        .map(tokens -> Defaults.change(this, Map.of("batch_size", tokens / length)))
        .orElse(this);
  }

  /** Arithmetic of matrix products and attention; everything else is float32. */
  public enum Precision {
    /** IEEE single precision. */
    FLOAT32,
    /** Tensor cores with 10-bit mantissas (cuda only). */
    TF32,
    /** Tensor cores with bfloat16 inputs (cuda only). */
    BF16
  }
}
