package dev.emergence.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Trajectories of cellular automata whose rule the model is not told (Baherwani et al. 2026,
 * section 3 and App. B.1): a rule is drawn for each sequence, its states are written one after the
 * other, every next token is predicted.
 */
@Kind(
    value = "cellular_automaton",
    doc =
        "Successive states of a cellular automaton. Each sequence follows one"
            + " rule. Each token is predicted from those before it.")
public record CellularAutomaton(
    @Key(doc = "Number of cells in a state.", symbol = "S", min = 1, max = 65536) int cells,
    @Key(doc = "Number of colours that a cell can have.", min = 2, max = 64, value = "4")
        int colours,
    @Key(
            doc =
                "Number of cells that a rule reads, with the cell itself in the middle."
                    + " It is odd.",
            symbol = "W",
            min = 1,
            max = 15,
            value = "3")
        int ruleWidth,
    @Key(
            doc =
                "Number of rules in a run; each sequence follows one of them. fresh: a"
                    + " new rule for each sequence.",
            symbol = "N",
            min = 1,
            max = 65536,
            value = "256",
            empty = "fresh")
        Optional<Integer> rules,
    @Key(
            doc =
                "How often the rule is applied between one state of the sequence and"
                    + " the next.",
            symbol = "k",
            min = 1,
            max = 64,
            value = "1")
        int applications,
    @Key(
            doc = "Number of states in a sequence. A sequence has cells * states tokens.",
            symbol = "T",
            min = 2,
            max = 4096,
            value = "16")
        int states,
    @Key(
            doc =
                "What lies beyond the first and the last cell. periodic: the other end;"
                    + " zero: cells of colour 0.",
            value = "periodic")
        Boundary boundary,
    @Key(
            doc =
                "Which tokens are predicted. all: every token but the first; last:"
                    + " those of the last state.",
            value = "all")
        Scored scored)
    implements TaskSpec {
  private static final int MOST_ENTRIES = 1 << 16;
  private static final int MOST_TOKENS = 1 << 20;

  /** What lies beyond the ends. */
  public enum Boundary {
    /** The other end. */
    PERIODIC,
    /** Cells of colour 0. */
    ZERO
  }

  /** Which tokens are predicted. */
  public enum Scored {
    /** Every token but the first, as in the paper. */
    ALL,
    /** Those of the last state. */
    LAST
  }

  /** Tokens in a sequence, L. */
  public int length() {
    return Math.multiplyExact(cells, states);
  }

  /** How far a cell of the next state sees to each side. */
  public int reach() {
    return applications * (ruleWidth / 2);
  }

  @Override
  public boolean answersAreInput() {
    return true;
  }

  @Override
  public boolean drawsOnce(boolean repeats) {
    return rules.isPresent();
  }

  @Override
  public void rules(Parts parts) {
    if (ruleWidth % 2 == 0) {
      parts.report(
          "task.rule_width",
          "rule_width must be odd, since the cell itself stands in the middle, got " + ruleWidth,
          "use " + (ruleWidth - 1) + " or " + (ruleWidth + 1));
    }
    double entries = Math.pow(colours, ruleWidth);
    if (entries > MOST_ENTRIES) {
      parts.report(
          "task.rule_width",
          String.format(
              Locale.ROOT,
              "a rule would have colours ^ rule_width = %.3g entries; at most %d are possible",
              entries,
              MOST_ENTRIES),
          "use fewer colours or a smaller rule_width",
          "task.colours");
    }
    if ((long) cells * states > MOST_TOKENS) {
      parts.report(
          "task.states",
          "a sequence would have cells * states = "
              + (long) cells * states
              + " tokens; at most "
              + MOST_TOKENS
              + " are possible",
          "use fewer cells or states",
          "task.cells");
    }
  }

  @Override
  public Set<AttentionRecord> attention() {
    return TaskSpec.ofParents();
  }

  @Override
  public Prediction predicts() {
    int first = scored == Scored.ALL ? 0 : cells * (states - 1) - 1;
    Span span = new Span(first, length() - 1 - first);
    return new Prediction(length(), colours, true, colours, Loss.CROSS_ENTROPY, span, slices());
  }

  private List<Slice> slices() {
    List<Slice> slices = new ArrayList<>();
    if (scored == Scored.ALL) {
      slices.add(new Slice("out", cells - 1, cells * (states - 1), 1));
      for (int state = 1; state < states; state++) {
        slices.add(new Slice("state." + state, state * cells - 1, cells, 1));
      }
    }
    return slices;
  }
}
