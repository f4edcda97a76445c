package dev.emergence.backend;

import dev.emergence.tensor.Arithmetic;
import dev.emergence.tensor.Backend;
import org.junit.jupiter.api.AfterAll;

/** Attention with operands of 7 bits of mantissa, rounded to nearest. */
class EmulatedBf16AttentionTest extends TensorCoreAttention {
  private static final Backend BACKEND = emulated();

  EmulatedBf16AttentionTest() {
    super(Arithmetic.BF16, 0x1p-8);
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
