package dev.emergence.cli;

import dev.emergence.Experiment;
import dev.emergence.InvalidExperiment;
import dev.emergence.dsl.ReadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One of the files of {@code reproduce}, with what it says or why it cannot be run.
 *
 * @param experiment empty where it cannot be run
 * @param trouble why; else empty
 */
record ReproducedFile(Path file, Optional<Experiment> experiment, String trouble) {

  /**
   * Reads a file.
   *
   * @param profile for files that have it
   */
  static ReproducedFile read(Path file, Optional<String> profile) throws IOException {
    try {
      ReadOptions plain = ReadOptions.none();
      if (profile.isPresent() && has(file, profile.get())) {
        return new ReproducedFile(
            file, Optional.of(Experiment.load(file, plain.withProfile(profile.get()))), "");
      }
      return new ReproducedFile(file, Optional.of(Experiment.load(file, plain)), "");
    } catch (InvalidExperiment e) {
      return new ReproducedFile(file, Optional.empty(), e.getMessage());
    }
  }

  private static boolean has(Path file, String profile) throws IOException {
    try {
      Experiment.load(file, ReadOptions.none().withProfile(profile));
      return true;
    } catch (InvalidExperiment e) {
      return !e.getMessage().contains("E116");
    }
  }

  /** The experiment's name, which its results folder gets too. */
  String name() {
    return experiment.map(e -> e.spec().name()).orElse(stem(file));
  }

  /** A file's name without its ending. */
  static String stem(Path file) {
    return file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
  }

  /** What all its runs cost, as far as that can be told. */
  double cost() {
    return experiment
        .map(e -> e.plan().runs().stream().mapToDouble(r -> r.cost().expected()).sum())
        .orElse(0.0);
  }
}
