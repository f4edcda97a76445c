package dev.emergence.campaign;

import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A results folder, looked at from outside. */
record Folder(Path root) {
  private static final List<String> TABLES = List.of("tables/runs.csv", "tables/curves.csv");

  /** The tables, as bytes would be read by a user, and each run's curve. */
  Map<String, String> numbers() throws IOException {
    Map<String, String> out = new TreeMap<>();
    for (String table : TABLES) {
      out.put(table, Files.readString(root.resolve(table)));
    }
    ResultsFolder results = ResultsFolder.read(root);
    for (String id : results.ids()) {
      out.put(id, Files.readString(results.run(id).path().resolve("curve.jsonl")));
    }
    return out;
  }

  /** Files under the folder whose names end so; none while there is no folder. */
  List<Path> files(String ending) {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.filter(p -> p.getFileName().toString().endsWith(ending)).toList();
    } catch (IOException | UncheckedIOException e) {
      // It changes while it is read; the next look tells.
      return List.of();
    }
  }

  /** Whether a run is being worked on. */
  boolean isClaimed() {
    return !files(".claim").isEmpty();
  }

  /** Whether a run has been kept half-way. */
  boolean hasProgress() {
    return files("checkpoint.safetensors").stream()
        .anyMatch(p -> p.getParent().toString().endsWith(".partial"));
  }
}
