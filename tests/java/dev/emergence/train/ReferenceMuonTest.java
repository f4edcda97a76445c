package dev.emergence.train;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.tensor.Backend;

/** Muon on the reference backend. */
class ReferenceMuonTest extends MuonContract {
  @Override
  Backend backend() {
    return new ReferenceBackend();
  }

  @Override
  double rounding() {
    return 1e-12;
  }
}
