package dev.emergence.model;

import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A model for one batch size, with all its buffers. Several networks can share {@link Parameters}.
 * Calls are operations on the backend: they run at once or are recorded.
 */
public interface Network {

  /**
   * Predicts.
   *
   * @param input (R, B, L, inputs), or (R, B, L) i32 when discrete; must hold still until {@link
   *     #backward} is done
   */
  void forward(Tensor input);

  /**
   * Where {@link #forward} writes: (R, B, outputs), or (R, B, L, outputs) when every position
   * predicts. The network's own.
   */
  Tensor prediction();

  /**
   * The hidden states from which the last layer predicts, after the final layer norm if there is
   * one: (R, B, D), or (R, B, P, D) when P positions predict. Overwritten by {@link #forward}.
   * Empty where the model has none.
   */
  default Optional<Tensor> hidden() {
    return Optional.empty();
  }

  /**
   * Overwrites the gradient of every parameter for the batch of the last {@link #forward}.
   *
   * @param dPrediction as the prediction
   * @throws IllegalStateException when the network was not made for training
   */
  void backward(Tensor dPrediction);

  /**
   * The attention of each layer, first to last, as of the last forward pass; only of a network for
   * inspection.
   */
  List<Attention> attention();
}
