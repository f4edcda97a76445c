package dev.emergence;

import dev.emergence.dsl.yaml.Diagnostic;
import java.util.List;

/** An experiment file that cannot be run; the message shows every problem with its place. */
public final class InvalidExperiment extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient List<Diagnostic> diagnostics;

  InvalidExperiment(String text, List<Diagnostic> diagnostics) {
    super(text);
    this.diagnostics = diagnostics;
  }

  /** The problems, by file, line and column. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
