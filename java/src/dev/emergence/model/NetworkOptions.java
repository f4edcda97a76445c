package dev.emergence.model;

import java.util.List;
import java.util.Optional;

/**
 * What a network is for.
 *
 * @param batch sequences in a batch, B
 * @param shortcut what is left out where only the last position is read: same result, less work
 * @param fold whether the first block looks through the embedding: same result, less work
 * @param guidance what its logit biases need
 * @param heads what takes the place of some heads' outputs, a layer each; empty: nothing
 */
public record NetworkOptions(
    int batch, Use use, Shortcut shortcut, Fold fold, Guidance guidance, List<HeadOverride> heads) {

  /** What the last block computes when the last position alone is read out. */
  public enum Shortcut {
    /** Everything, as the other blocks do. */
    NONE,
    /** Keys and values of every token; queries and MLP of the last one. */
    ONE_QUERY,
    /** No keys and values either: their projections move to the side of the single query. */
    NO_KEYS,
    /** The cheaper of the two for the sizes and the device at hand. */
    CHEAPEST
  }

  /**
   * What the first block multiplies to form queries, keys and values, where tokens are vectors and
   * no layer norm stands before it, or where they are looked up in a table and a layer norm does.
   */
  public enum Fold {
    /** The embedded tokens, as the other blocks do. */
    NONE,
    /**
     * The tokens themselves, by the product of embedding and projection; or the tables of tokens
     * and positions.
     */
    ALWAYS,
    /** The cheaper of the two for the sizes and the device at hand. */
    CHEAPEST
  }

  /** Which tensors must outlive the forward pass. */
  public enum Use {
    /** Forward and backward: every layer keeps what its backward reads. */
    TRAINING,
    /** Forward alone: layers share their buffers. */
    EVALUATION,
    /**
     * Forward alone, but queries, keys and values of each layer stay, so that attention can be
     * looked at.
     */
    INSPECTION
  }

  private static NetworkOptions of(int batch, Use use, Shortcut shortcut) {
    return new NetworkOptions(batch, use, shortcut, Fold.CHEAPEST, Guidance.NONE, List.of());
  }

  /** The same network with this guidance. */
  public NetworkOptions with(Guidance other) {
    return new NetworkOptions(batch, use, shortcut, fold, other, heads);
  }

  /** A network to train. */
  public static NetworkOptions training(int batch) {
    return of(batch, Use.TRAINING, Shortcut.CHEAPEST);
  }

  /** A network that only predicts. */
  public static NetworkOptions evaluation(int batch) {
    return of(batch, Use.EVALUATION, Shortcut.CHEAPEST);
  }

  /** The same network without the shortcut: every token through every layer. */
  public NetworkOptions withoutShortcut() {
    return with(Shortcut.NONE);
  }

  /** The same network with this shortcut. */
  public NetworkOptions with(Shortcut other) {
    return new NetworkOptions(batch, use, other, fold, guidance, heads);
  }

  /** The same network with this fold. */
  public NetworkOptions with(Fold other) {
    return new NetworkOptions(batch, use, shortcut, other, guidance, heads);
  }

  /**
   * The same network with some heads changed.
   *
   * @param overrides one a layer
   * @throws IllegalArgumentException when its layers do not keep what that needs
   */
  public NetworkOptions with(List<HeadOverride> overrides) {
    if (use != Use.INSPECTION) {
      throw new IllegalArgumentException(
          "heads are changed in a network for INSPECTION alone; this one is for " + use);
    }
    return new NetworkOptions(batch, use, shortcut, fold, guidance, overrides);
  }

  /** What is changed in a layer, counted from 0. */
  Optional<HeadOverride> heads(int layer) {
    return heads.isEmpty() ? Optional.empty() : Optional.of(heads.get(layer));
  }

  /** A network that predicts and shows the attention of all its layers and positions. */
  public static NetworkOptions inspection(int batch) {
    return of(batch, Use.INSPECTION, Shortcut.NONE);
  }
}
