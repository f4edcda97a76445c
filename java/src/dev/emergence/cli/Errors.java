package dev.emergence.cli;

import dev.emergence.execute.device.Unavailable;
import dev.emergence.result.FileTrouble;
import dev.emergence.result.FolderGone;
import dev.emergence.result.FolderUnusable;
import dev.emergence.spec.Bytes;
import dev.emergence.spec.PluginFailure;
import dev.emergence.tensor.DeviceException;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a user reads when a command cannot do its work, and the exit code. Never a stack trace. */
final class Errors {
  private static final Pattern CONSTANTS = Pattern.compile("expected one of \\[[A-Z0-9_, ]+]");

  private Errors() {}

  /** A bad command line. */
  static int usage(ParameterException found, String[] arguments) {
    CommandLine command = found.getCommandLine();
    ParameterException e = cause(found);
    PrintWriter err = command.getErr();
    boolean unknownCommand =
        e instanceof UnmatchedArgumentException
            && command.getParent() == null
            && !arguments[0].startsWith("-");
    err.println(
        "emergence: "
            + (unknownCommand
                ? "there is no command '" + arguments[0] + "'"
                : asTyped(e.getMessage())));
    if (unknownCommand) {
      err.println("Known: " + String.join(" ", command.getSubcommands().keySet()));
    } else {
      UnmatchedArgumentException.printSuggestions(e, err);
      fileForOption(e).ifPresent(name -> err.println("The file of this name is ./" + name));
    }
    err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  /**
   * Something may be missing because it was taken for an option, or because an option is not one.
   */
  private static ParameterException cause(ParameterException e) {
    List<String> unmatched =
        e.getCommandLine().getUnmatchedArguments().stream()
            .filter(word -> word.startsWith("-"))
            .toList();
    return e instanceof MissingParameterException && !unmatched.isEmpty()
        ? new UnmatchedArgumentException(e.getCommandLine(), unmatched)
        : e;
  }

  /** A file whose name begins with a dash and so was taken for an option. */
  private static Optional<String> fileForOption(ParameterException e) {
    return e instanceof UnmatchedArgumentException unmatched
        ? unmatched.getUnmatched().stream()
            .filter(word -> word.startsWith("-") && new File(word).exists())
            .findFirst()
        : Optional.empty();
  }

  /** Words that an option takes, listed by the names of Java's constants, as the help has them. */
  private static String asTyped(String message) {
    return CONSTANTS.matcher(message).replaceAll(m -> m.group().toLowerCase(Locale.ROOT));
  }

  /** Anything that a command raises. */
  static int execution(Exception e, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    command.getOut().flush();
    if (e instanceof Refusal refusal) {
      if (!refusal.getMessage().isEmpty()) {
        err.println("emergence: " + refusal.getMessage());
      }
      return refusal.exitCode();
    } else if (e instanceof FolderUnusable || e instanceof FolderGone) {
      err.println("emergence: " + e.getMessage());
      return ExitCode.FOLDER_UNUSABLE;
    } else if (e instanceof Unavailable || isLacking(e)) {
      err.println("emergence: " + e.getMessage());
      return ExitCode.ENVIRONMENT;
    } else if (e instanceof IOException io) {
      err.println("emergence: " + FileTrouble.text(io));
      return ExitCode.ENVIRONMENT;
    } else if (e instanceof UncheckedIOException io) {
      err.println("emergence: " + FileTrouble.text(io.getCause()));
      return ExitCode.ENVIRONMENT;
    }
    return internal(e, err);
  }

  /** What no command expects: memory that ends, or a part of the program that cannot be loaded. */
  static int error(Error e, CommandLine command) {
    command.getOut().flush();
    if (e instanceof OutOfMemoryError) {
      long heap = Runtime.getRuntime().maxMemory();
      command
          .getErr()
          .println(
              Numbers.text(
                  "emergence: out of memory: %s; a heap of %s is too small for this, and"
                      + " EMERGENCE_JAVA_OPTIONS=-Xmx%dg makes a larger one",
                  e.getMessage(), Bytes.text(heap), 2 + 2 * (heap >> 30)));
      return ExitCode.ENVIRONMENT;
    }
    return internal(e, command.getErr());
  }

  /** Whether a device lacks something, rather than that an operation failed on it. */
  private static boolean isLacking(Exception e) {
    return e instanceof DeviceException device && device.reason() != DeviceException.Reason.FAILED;
  }

  /** A plug-in's bug in one line; one of ours with the stack trace in a file. */
  private static int internal(Throwable e, PrintWriter err) {
    Optional<PluginFailure> plugin = PluginFailure.behind(e);
    if (plugin.isPresent()) {
      err.println("emergence: " + plugin.get().getMessage());
      return ExitCode.ENVIRONMENT;
    }
    err.println(
        "emergence: internal error: "
            + e.getClass().getSimpleName()
            + (e.getMessage() == null ? "" : ": " + e.getMessage()));
    try {
      Path log = Files.createTempFile("emergence-error-", ".log");
      try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(log))) {
        out.println(
            Instant.now()
                + " "
                + String.join(" ", new Version().getVersion())
                + " Java "
                + System.getProperty("java.version"));
        e.printStackTrace(out);
      }
      err.println(
          "This is a bug. Please report it with the output of 'emergence doctor' and the file "
              + log);
    } catch (IOException io) {
      err.println(
          "This is a bug. Please report it with the output of 'emergence doctor'; no log could be"
              + " written: "
              + io.getMessage());
    }
    return ExitCode.INTERNAL;
  }
}
