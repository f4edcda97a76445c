package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.ExperimentSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A file of a test, with the files that it extends. */
final class Experiment {
  static final String TASK = "task: {kind: linear_regression, dim: 16, sequence_length: 32}\n";

  private final Map<String, String> files = new LinkedHashMap<>();
  private ReadOptions options = ReadOptions.none();

  private Experiment(String text) {
    files.put("experiment.yaml", text);
  }

  /** With version, name, a small task, and {@code more}. */
  static Experiment with(String more) {
    return new Experiment("dsl: 1\nname: experiment\n" + TASK + more);
  }

  /** With version, name and {@code text} only. */
  static Experiment of(String text) {
    return new Experiment("dsl: 1\nname: experiment\n" + text);
  }

  /** Another file beside it; its version is written for it. */
  Experiment beside(String name, String text) {
    files.put(name, "dsl: 1\n" + text);
    return this;
  }

  Experiment profile(String name) {
    options = options.withProfile(name);
    return this;
  }

  Experiment set(String... values) {
    options = options.withSets(values);
    return this;
  }

  /** Without any file on disk. */
  Reading read() {
    assertThat(files).as("files to extend need a folder").hasSize(1);
    return SpecReader.read("experiment.yaml", files.get("experiment.yaml"), options);
  }

  Reading readIn(Path folder) {
    files.forEach((name, text) -> write(folder.resolve(name), text));
    return SpecReader.read(folder.resolve("experiment.yaml"), options);
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The experiment; a test fails with the messages when there is none. */
  static ExperimentSpec spec(Reading reading) {
    assertThat(reading.toText()).isEmpty();
    return reading.spec().orElseThrow();
  }
}
