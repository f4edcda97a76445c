package dev.emergence.backend;

import dev.emergence.tensor.AttentionProperties;
import dev.emergence.tensor.Backend;
import net.jqwik.api.lifecycle.AfterContainer;

/** The properties of attention hold for the cpu backend, up to float32. */
class CpuAttentionPropertiesTest extends AttentionProperties {
  private static final Backend BACKEND = Devices.open("cpu", 1);

  @Override
  protected Backend backend() {
    return BACKEND;
  }

  @Override
  protected double rounding() {
    return 1e-5;
  }

  @AfterContainer
  static void close() {
    BACKEND.close();
  }
}
