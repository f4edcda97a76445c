package dev.emergence.cli;

import dev.emergence.dsl.page.ReferenceWriter;
import dev.emergence.dsl.page.SchemaWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code schema}: the language for editors, or for readers. */
@Command(
    name = "schema",
    description =
        "Prints the JSON Schema of experiment files, for editors: emergence"
            + " schema > experiment.v1.schema.json")
final class SchemaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--markdown",
      description = "Prints a page to read instead, with every key, default and unit.")
  private boolean markdown;

  @Override
  public Integer call() {
    spec.commandLine()
        .getOut()
        .println((markdown ? ReferenceWriter.write() : SchemaWriter.write()).strip());
    return ExitCode.OK;
  }
}
