package dev.emergence.reference;

import dev.emergence.tensor.AttentionProperties;
import dev.emergence.tensor.Backend;

/** The properties of attention hold for the reference, to the last bits of a double. */
class ReferenceAttentionPropertiesTest extends AttentionProperties {
  private final Backend backend = new ReferenceBackend();

  @Override
  protected Backend backend() {
    return backend;
  }

  @Override
  protected double rounding() {
    return 1e-13;
  }
}
