package dev.emergence.spec;

import java.util.List;
import java.util.ServiceLoader;

/**
 * Knows which parameters an architecture trains. It is provided by the package that builds models
 * and found by {@link ServiceLoader}, so that a file that names parameters is checked without a
 * device.
 */
public interface ParameterCatalog {

  /** All parameters of an architecture for a task, in the order of its models. */
  List<Parameter> of(ArchitectureSpec architecture, Prediction task);

  /**
   * The one that there is.
   *
   * @throws IllegalStateException when no package provides it
   */
  static ParameterCatalog known() {
    return Known.CATALOG;
  }

  /** Loaded when first asked for. */
  final class Known {
    private static final ParameterCatalog CATALOG =
        ServiceLoader.load(ParameterCatalog.class, ParameterCatalog.class.getClassLoader())
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("nobody knows the parameters of models"));

    private Known() {}
  }
}
