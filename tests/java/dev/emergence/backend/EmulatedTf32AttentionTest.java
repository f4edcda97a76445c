package dev.emergence.backend;

import dev.emergence.tensor.Arithmetic;
import dev.emergence.tensor.Backend;
import org.junit.jupiter.api.AfterAll;

/** Attention with operands of 10 bits of mantissa, rounded to nearest. */
class EmulatedTf32AttentionTest extends TensorCoreAttention {
  private static final Backend BACKEND = emulated();

  EmulatedTf32AttentionTest() {
    super(Arithmetic.TF32, 0x1p-11);
  }

  @Override
  public Backend backend() {
    return BACKEND;
  }

  @AfterAll
  static void close() {
    BACKEND.close();
  }
}
