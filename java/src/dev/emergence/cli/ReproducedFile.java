package dev.emergence.cli;

import dev.emergence.Experiment;
import dev.emergence.InvalidExperiment;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostic;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One of the files of {@code reproduce}, with what it says or why it cannot be run.
 *
 * @param experiment empty where it cannot be run
 * @param trouble why; else empty
 * @param lacking that it has no profile of the name that was asked for; else empty
 */
record ReproducedFile(
    Path file, Optional<Experiment> experiment, String trouble, Optional<Diagnostic> lacking) {

  /**
   * Reads a file.
   *
   * @param profile for files that have it
   */
  static ReproducedFile read(Path file, Optional<String> profile) throws IOException {
    Optional<Diagnostic> lacking = Optional.empty();
    try {
      ReadOptions options = ReadOptions.none();
      if (profile.isPresent()) {
        lacking = lacking(file, profile.get());
        options = lacking.isEmpty() ? options.withProfile(profile.get()) : options;
      }
      return new ReproducedFile(file, Optional.of(Experiment.load(file, options)), "", lacking);
    } catch (InvalidExperiment e) {
      return new ReproducedFile(file, Optional.empty(), e.getMessage(), lacking);
    }
  }

  private static Optional<Diagnostic> lacking(Path file, String profile) throws IOException {
    try {
      Experiment.load(file, ReadOptions.none().withProfile(profile));
      return Optional.empty();
    } catch (InvalidExperiment e) {
      return e.diagnostics().stream().filter(d -> d.code() == Code.E116).findFirst();
    }
  }

  /**
   * Says that no file has a profile.
   *
   * @throws Refusal when some have others: a misspelt one would run all at full size
   */
  static void requireProfile(String name, List<ReproducedFile> files, PrintWriter err) {
    if (files.stream().anyMatch(file -> file.lacking().isEmpty())) {
      return;
    }
    String none = "none of the files has the profile '" + name + "'";
    files.stream()
        .flatMap(file -> file.lacking().orElseThrow().hints().stream())
        .filter(hint -> !hint.equals(SpecReader.NO_PROFILES))
        .findFirst()
        .ifPresent(
            hint -> {
              throw new Refusal(ExitCode.USAGE, none + "; " + hint);
            });
    err.println(none + ": all run at full size");
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
