package dev.emergence.model;

import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;

/**
 * What takes the place of some heads' outputs in one layer, in a forward pass for inspection. Heads
 * that are left alone are computed as probabilities times values too, so that a head that is
 * replaced by its own pattern gives the same bits as one that is left alone.
 *
 * @param own out: this layer's own probabilities (R, B, H, L, L); layers may share it
 * @param other the probabilities that replaced heads take, as {@code own}; it may be {@code own}
 * @param left (R, H) i32: 1 for the heads that are left alone, else 0
 * @param changed (R, H) i32: 1 for the heads that are replaced, 2 for those that are made zero,
 *     else 0
 */
public record HeadOverride(Tensor own, Tensor other, Tensor left, Tensor changed) {

  /** Operations that follow an attention and change its output. */
  void forward(Backend backend, Attention attention) {
    backend.attentionProbabilities(attention, own);
    backend.attentionOverride(attention, own, left);
    backend.attentionOverride(attention, other, changed);
  }
}
