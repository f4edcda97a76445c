package dev.emergence.spec;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Repeated application of a sparse linear map (Baherwani et al. 2026, section 3): x_{t+1} = A x_t
 * mod C, states written one after the other, every next token predicted. Each row of A has exactly
 * s ones, so that a cell of the next state is the sum of s cells of this one.
 *
 * <p>With {@code row_zipf} the rows are skills of different frequencies, as the tasks of multitask
 * sparse parity are (Michaud et al. 2023, "The Quantization Model of Neural Scaling").
 */
@Kind(
    value = "linear_map",
    doc =
        "Successive states, each computed from the one before by a sparse"
            + " matrix modulo a prime. Each token is predicted from those before it.")
public record LinearMap(
    @Key(doc = "Number of cells in a state.", symbol = "S", min = 1, max = 4096) int cells,
    @Key(
            doc =
                "Number of ones in each row of the matrix, so the number of cells on"
                    + " which a cell of the next state depends.",
            symbol = "s",
            min = 1,
            max = 4096,
            atMost = "task.cells")
        int parents,
    @Key(
            doc = "Number of states in a sequence. A sequence has cells * states tokens.",
            symbol = "T",
            min = 2,
            max = 4096,
            value = "2")
        int states,
    @Key(doc = "The prime modulo which sums are computed.", min = 2, max = 251, value = "2")
        int modulus,
    @Key(doc = "Whether each seed has its own matrix, or all seeds share one.", value = "per_seed")
        Matrix matrix,
    @Key(
            doc =
                "Which tokens are predicted. all: every token but the first; outputs:"
                    + " those of the states after the first, the only ones that can be"
                    + " learned.",
            value = "all")
        Scored scored,
    @Key(
            doc =
                "How many cells of the last state are in the sequence; 1 gives sparse" + " parity.",
            min = 1,
            max = 4096,
            value = Key.ABSENT,
            empty = "all",
            atMost = "task.cells")
        Optional<Integer> outputs,
    @Key(
            doc =
                "Whether the second state is hidden from the model, so that its cells"
                    + " cannot be derived from each other; needs states: 2.",
            value = "false")
        boolean outputsHidden,
    @Key(
            doc =
                "Exponent of the Zipf law of rows: in training, the targets of row i, from 1, are"
                    + " scored in a share 1 / i^row_zipf of the sequences. The first state is"
                    + " scored as without it. 0: all rows always. Test sets have a row_zipf of"
                    + " their own.",
            min = 0,
            max = 4,
            value = "0.0",
            since = 2)
        double rowZipf)
    implements TaskSpec {

  /** A map whose rows are scored in every sequence. */
  public LinearMap(
      int cells,
      int parents,
      int states,
      int modulus,
      Matrix matrix,
      Scored scored,
      Optional<Integer> outputs,
      boolean outputsHidden) {
    this(cells, parents, states, modulus, matrix, scored, outputs, outputsHidden, 0);
  }

  /** Whose matrix it is. */
  public enum Matrix {
    /** Drawn from the seed. */
    PER_SEED,
    /** The same for all seeds. */
    SHARED
  }

  /** Which tokens are predicted. */
  public enum Scored {
    /** Every token but the first, as in the paper. */
    ALL,
    /** Those of the states after the first, the only ones that can be learned. */
    OUTPUTS
  }

  /** Rows of the last state that are written. */
  public int written() {
    return outputs.orElse(cells);
  }

  /** Tokens in a sequence, L. */
  public int length() {
    return cells * (states - 1) + written();
  }

  /** Rows that have a target: those of the last state alone, if there is no other. */
  public int rows() {
    return Math.min(cells, length() - cells);
  }

  /**
   * The share of the training sequences in which the targets of a row are scored.
   *
   * @param row from 0, the most frequent one, whose share is 1
   */
  public double frequency(int row) {
    return StrictMath.pow(row + 1.0, -rowZipf);
  }

  @Override
  public TaskSpec inTest(MeasurementSpec.TestSet set) {
    return Defaults.change(this, Map.of("row_zipf", set.rowZipf().orElse(rowZipf)));
  }

  @Override
  public Map<String, String> unread() {
    Map<String, String> unread = new LinkedHashMap<>(TaskSpec.super.unread());
    if (rows() == 1) {
      unread.put("task.row_zipf", "there is one row alone, which is always scored");
    }
    return unread;
  }

  @Override
  public boolean drawsOnce(boolean repeats) {
    return matrix != Matrix.SHARED && parents < cells;
  }

  @Override
  public void rules(Parts parts) {
    if (parents > cells) {
      parts.report(Problem.exceeds("task.parents", parents, cells, "task.cells"));
    }
    if (written() > cells) {
      parts.report(Problem.exceeds("task.outputs", written(), cells, "task.cells"));
    }
    if (!BigInteger.valueOf(modulus).isProbablePrime(20)) {
      parts.report("task.modulus", "modulus must be a prime, got " + modulus, "2, 3, 5 and 7 are");
    }
    if (outputsHidden && states > 2) {
      parts.report(
          "task.outputs_hidden",
          "outputs can be hidden from each other with states: 2 alone, since later states"
              + " follow from them",
          "use states: 2, or outputs_hidden: false",
          "task.states");
    }
  }

  @Override
  public Set<AttentionRecord> attention() {
    return TaskSpec.ofParents();
  }

  @Override
  public boolean answersAreInput() {
    return !(outputsHidden && scored == Scored.OUTPUTS);
  }

  @Override
  public Prediction predicts() {
    int first = scored == Scored.ALL ? 0 : cells - 1;
    Span span = new Span(first, length() - 1 - first);
    int inputs = modulus + (outputsHidden ? 1 : 0);
    return new Prediction(
        length(), inputs, true, modulus, Loss.CROSS_ENTROPY, span, slices(cells - 1 - first));
  }

  /**
   * @param out the first scored target that can be learned
   */
  private List<Slice> slices(int out) {
    List<Slice> slices = new ArrayList<>();
    int learnable = length() - cells;
    slices.add(new Slice("out", out, learnable, 1));
    for (int row = 0; row < rows(); row++) {
      slices.add(new Slice("row." + row, out + row, (learnable - row + cells - 1) / cells, cells));
    }
    for (int state = 1; state < states && states > 2; state++) {
      int at = (state - 1) * cells;
      slices.add(new Slice("state." + state, out + at, Math.min(cells, learnable - at), 1));
    }
    return slices;
  }
}
