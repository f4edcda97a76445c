package dev.emergence.dsl;

import dev.emergence.dsl.yaml.Diagnostic;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.dsl.yaml.YamlWriter;
import dev.emergence.spec.ExperimentSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** What came of reading a file: an experiment, or all that is wrong with it. */
public final class Reading {
  private static final int LONGEST_OPTION = 2000;

  private final ExperimentSpec spec;
  private final List<Diagnostic> diagnostics;
  private final Origins origins;
  private final String text;
  private final Node.Mapping standalone;
  private final ReadOptions options;
  private final List<String> bases;

  Reading(
      ExperimentSpec spec,
      List<Diagnostic> diagnostics,
      Origins origins,
      String text,
      List<String> bases,
      Node.Mapping standalone,
      ReadOptions options) {
    this.spec = diagnostics.stream().anyMatch(Diagnostic::isError) ? null : spec;
    this.diagnostics = diagnostics;
    this.origins = origins;
    this.text = text;
    this.standalone = standalone;
    this.options = options;
    this.bases = bases;
  }

  /** A file of which nothing could be made. */
  static Reading failed(List<Diagnostic> diagnostics) {
    return new Reading(null, diagnostics, Origins.none(), "", List.of(), null, ReadOptions.none());
  }

  /** The file as it was read, with line feeds only. */
  public String text() {
    return text;
  }

  /** What the file extends, as it names it. */
  public List<String> bases() {
    return bases;
  }

  /**
   * A file that gives the same experiment by itself: the text, unless it extends others or a
   * profile or values were put on top of it.
   *
   * @param name what the file is called in its heading
   * @throws IllegalStateException when the file cannot be run
   */
  public String standalone(String name) {
    if (!isValid()) {
      throw new IllegalStateException("a file that cannot be run has no other form");
    }
    boolean alone = bases.isEmpty() && options.profile().isEmpty() && options.sets().isEmpty();
    return alone ? text : YamlWriter.write(standalone, heading(name));
  }

  private List<String> heading(String name) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Made from "
            + Texts.ending(name)
            + (bases.isEmpty() ? "" : " and what it extends")
            + options.profile().map(p -> ", with --profile " + p).orElse("")
            + ". It gives the same runs by itself.");
    options.sets().forEach(set -> lines.add("--set " + option(set)));
    return lines;
  }

  /** On one line, and never so long that the file could not be read again. */
  private static String option(String set) {
    String line = set.replaceAll("\\s+", " ");
    return line.length() > LONGEST_OPTION ? line.substring(0, LONGEST_OPTION) + "..." : line;
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
