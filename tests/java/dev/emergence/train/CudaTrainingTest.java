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

  /**
   * Our kernels give each replica the same bits whatever trains beside it; cuBLAS may choose
   * another algorithm for another number of replicas, whose sums round differently. Adam makes of
   * that up to a share of a step.
   */
  @Override
  double cohortTolerance() {
    return CudaUnderTest.isReal() ? 1e-3 : 0;
  }

  /** Hundreds of steps are for a GPU; CudaCurvesTest sees the loss fall in the emulation. */
  @Test
  @Override
  void training_lowers_the_test_loss() {
    assumeTrue(CudaUnderTest.isReal(), "needs a GPU");
    super.training_lowers_the_test_loss();
  }
}
