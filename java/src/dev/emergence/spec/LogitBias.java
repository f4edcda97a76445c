package dev.emergence.spec;

import java.util.List;
import java.util.Optional;

/**
 * A number that is added to attention scores before the causal mask and the softmax, in training
 * and evaluation (Baherwani et al., App. B.3): a hint where to look, or a placebo.
 */
public record LogitBias(
    @Key(
            doc =
                "Which keys of a query are favoured. parents: those that the task knows"
                    + " to matter; previous: the token before; offset: the token that many"
                    + " places before; first: the first token.")
        Toward toward,
    @Key(
            doc =
                "With toward: offset, the distance from the favoured key to its query,"
                    + " in tokens.",
            value = "1",
            min = 1,
            max = 1048576)
        int offset,
    @Key(doc = "Number added to their scores. If it is trained, this is its initial" + " value.")
        double strength,
    @Key(
            doc =
                "Layers in which it is added, counted from 0 as in the names of"
                    + " parameters, or all.",
            value = "all",
            empty = "all",
            min = 0)
        Optional<List<Integer>> layers,
    @Key(
            doc = "Heads in which it is added, counted from 0, or all.",
            value = "all",
            empty = "all",
            min = 0)
        Optional<List<Integer>> heads,
    @Key(
            doc =
                "Whether the strength is trained. It is one number for all layers and" + " heads.",
            value = "false")
        boolean trainable) {
  /** Most biases of one attention; one toward parents takes two places. */
  static final int MOST = 4;

  /** Copies the lists. */
  public LogitBias {
    layers = layers.map(List::copyOf);
    heads = heads.map(List::copyOf);
  }

  /** Which keys of a query are favoured. */
  public enum Toward {
    /** Those that the task knows to matter: relevant tokens, parents. */
    PARENTS,
    /** The token before the query. */
    PREVIOUS,
    /** The token {@code offset} before the query. */
    OFFSET,
    /** The first token. */
    FIRST
  }

  /** Whether it is added in a layer, counted from 0. */
  public boolean in(int layer) {
    return layers.map(chosen -> chosen.contains(layer)).orElse(true);
  }

  /** The same with another strength. */
  public LogitBias with(double other) {
    return new LogitBias(toward, offset, other, layers, heads, trainable);
  }
}
