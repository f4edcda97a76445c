package dev.emergence.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion SHELL}: a script that completes commands and options. */
@Command(
    name = "completion",
    description = "A completion script: source <(emergence completion bash)")
final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** Shells that picocli's script serves; zsh through its bash compatibility. */
  enum Shell {
    bash,
    zsh
  }

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private Shell shell = Shell.bash;

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(AutoComplete.bash("emergence", Main.commandLine()));
    return ExitCode.OK;
  }
}
