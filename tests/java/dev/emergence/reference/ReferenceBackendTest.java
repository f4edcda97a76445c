package dev.emergence.reference;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.BackendContract;

/**
 * What every backend must do, of the reference: here the judge is itself, so that memory, views,
 * guards and recording are what counts.
 */
class ReferenceBackendTest implements BackendContract {
  private final Backend backend = new ReferenceBackend();

  @Override
  public Backend backend() {
    return backend;
  }
}
