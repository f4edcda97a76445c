package dev.emergence;

import dev.emergence.dsl.yaml.Diagnostic;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Thrown when an experiment has errors and cannot be run. The message shows every problem with its
 * place. {@link #diagnostics} gives the same as data.
 */
@API(status = API.Status.MAINTAINED)
public final class InvalidExperiment extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient List<Diagnostic> diagnostics;

  InvalidExperiment(String text, List<Diagnostic> diagnostics) {
    super(text);
    this.diagnostics = diagnostics;
  }

  /**
   * The errors and warnings.
   *
   * @return ordered by file, line and column; at least one of them is an error
   */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
