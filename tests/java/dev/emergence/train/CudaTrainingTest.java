package dev.emergence.train;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.tensor.Backend;
import org.junit.jupiter.api.Test;

/** Training on the cuda backend. */
class CudaTrainingTest extends TrainingContract {
  @Override
  Backend backend() {
    return CudaUnderTest.open();
  }

  /** Hundreds of steps are for a GPU; CudaCurvesTest sees the loss fall in the emulation. */
  @Test
  @Override
  void training_lowers_the_test_loss() {
    assumeTrue(CudaUnderTest.isReal(), "needs a GPU");
    super.training_lowers_the_test_loss();
  }
}
