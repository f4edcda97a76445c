package dev.emergence.model;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.tensor.Backend;

/** The cuda backend at the papers' width. */
class CudaPaperSizeTest extends PaperSizeContract {
  @Override
  Backend backend() {
    return CudaUnderTest.open();
  }
}
