package dev.emergence.dsl;

import dev.emergence.spec.ExperimentSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** What came of reading a file: an experiment, or all that is wrong with it. */
public final class Reading {
  private final ExperimentSpec spec;
  private final List<Diagnostic> diagnostics;
  private final Origins origins;

  Reading(ExperimentSpec spec, List<Diagnostic> diagnostics, Origins origins) {
    this.spec = diagnostics.stream().anyMatch(Diagnostic::isError) ? null : spec;
    this.diagnostics = diagnostics;
    this.origins = origins;
  }

  /** The experiment; empty when there is any error. */
  public Optional<ExperimentSpec> spec() {
    return Optional.ofNullable(spec);
  }

  /** Errors and warnings by file, line and column. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  /** Whether the file can be run. */
  public boolean isValid() {
    return spec != null;
  }

  /** What a user reads: one block for each problem, empty when there is none. */
  public String toText() {
    return diagnostics.stream().map(Diagnostic::toText).collect(Collectors.joining("\n"));
  }

  /** The same as a JSON list. */
  public String toJson() {
    List<Map<String, Object>> list = diagnostics.stream().map(Diagnostic::toMap).toList();
    return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(list);
  }

  /**
   * Where a value comes from, {@code task.dim}: one line for the file, and one for each sweep that
   * says otherwise.
   *
   * @return empty when there is no such key
   */
  public List<Explanation> explain(String path) {
    return origins.explain(path);
  }
}
