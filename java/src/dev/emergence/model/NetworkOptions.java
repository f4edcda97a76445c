package dev.emergence.model;

/**
 * What a network is for.
 *
 * @param batch sequences in a batch, B
 * @param shortcut whether the last block runs for the last token alone where nothing else is read:
 *     same result, less work
 */
public record NetworkOptions(int batch, Use use, boolean shortcut) {

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

  /** A network to train. */
  public static NetworkOptions training(int batch) {
    return new NetworkOptions(batch, Use.TRAINING, true);
  }

  /** A network that only predicts. */
  public static NetworkOptions evaluation(int batch) {
    return new NetworkOptions(batch, Use.EVALUATION, true);
  }

  /** The same network without the shortcut: every token through every layer. */
  public NetworkOptions withoutShortcut() {
    return new NetworkOptions(batch, use, false);
  }

  /** A network that predicts and shows the attention of all its layers and positions. */
  public static NetworkOptions inspection(int batch) {
    return new NetworkOptions(batch, Use.INSPECTION, false);
  }
}
