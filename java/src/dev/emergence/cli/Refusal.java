package dev.emergence.cli;

import dev.emergence.dsl.bind.Suggestions;
import dev.emergence.spec.ExecutionSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A command that ends here with a message for its user and an exit code. Nothing is wrong with the
 * program.
 */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int exitCode;

  /**
   * @param message what was found, what was expected, what to do; may be empty when all has been
   *     said
   */
  Refusal(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  /** A word that names none of what there is: the nearest, and all. */
  static Refusal unknown(String kind, String wrong, Collection<String> known) {
    String meant =
        Suggestions.nearest(wrong, known).map(near -> "did you mean '" + near + "'? ").orElse("");
    return new Refusal(
        ExitCode.USAGE,
        "there is no "
            + kind
            + " '"
            + wrong
            + "'; "
            + meant
            + "known: "
            + String.join(", ", known));
  }

  /** Refuses a word that no machine has for a device. One that this machine lacks is no such. */
  static void unlessDevice(String word, String... known) {
    boolean asked = !word.equals("auto") || List.of(known).contains(word);
    if (!ExecutionSpec.isDevice(word) || !asked) {
      String meant = Suggestions.meant(word, List.of(known));
      throw new Refusal(
          ExitCode.USAGE,
          "--device takes "
              + String.join(", ", known)
              + " or cuda:N, got '"
              + word
              + "'"
              + (meant.isEmpty() ? "" : "; " + meant));
    }
  }

  /** Refuses options that say something about another one, where that is not given. */
  static void ofAlone(String main, boolean given, CommandSpec spec, String... options) {
    for (String option : given ? new String[0] : options) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new Refusal(ExitCode.USAGE, option + " is that of " + main);
      }
    }
  }

  /** Refuses options that have no effect beside another one. */
  static void notBeside(String main, boolean given, CommandSpec spec, String... options) {
    for (String option : given ? options : new String[0]) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new Refusal(ExitCode.USAGE, option + " has no effect beside " + main);
      }
    }
  }

  /**
   * Refuses a folder for results that could not be made, or into which nothing could be written.
   */
  static void unlessWritable(Path folder) {
    Path there = folder.toAbsolutePath().normalize();
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      throw new Refusal(
          ExitCode.FOLDER_UNUSABLE,
          there
              + (Files.isDirectory(there) ? " cannot be written" : " is a file")
              + "; choose another folder with --out");
    }
  }

  int exitCode() {
    return exitCode;
  }
}
