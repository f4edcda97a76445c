package dev.emergence.cli;

import dev.emergence.dsl.Code;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explain CODE}: the page of an error's code. */
@Command(
    name = "explain",
    description = "What an error such as E102 means and how to mend it; without a code, the list.")
final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CODE", arity = "0..1", description = "The code, such as E102.")
  private String code = "";

  @Override
  public Integer call() {
    if (code.isEmpty()) {
      String list =
          Arrays.stream(Code.values())
              .map(c -> c.name() + "  " + c.title())
              .collect(Collectors.joining("\n"));
      spec.commandLine().getOut().println(list);
      return ExitCode.OK;
    }
    Code known =
        Code.of(code)
            .orElseThrow(
                () ->
                    new Refusal(
                        ExitCode.USAGE,
                        "there is no code '" + code + "'; `emergence explain` lists them"));
    spec.commandLine().getOut().println(known.page().strip());
    return ExitCode.OK;
  }
}
