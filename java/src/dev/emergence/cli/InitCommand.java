package dev.emergence.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code init NAME}: an example to start from. */
@Command(
    name = "init",
    description =
        "Writes an example to start from, with the files it extends; without a name, the list.")
final class InitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      arity = "0..1",
      description = "An example, such as quickstart or fig3.")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      arity = "0..1",
      description = "Where it goes; default here.")
  private Path folder = Path.of("");

  @Override
  public Integer call() throws IOException {
    Examples examples = Examples.load();
    PrintWriter out = spec.commandLine().getOut();
    Map<String, String> names = examples.names();
    if (name.isEmpty()) {
      names.forEach(
          (known, path) -> out.println(Numbers.text("%-24s %s", known, examples.question(path))));
      return ExitCode.OK;
    }
    if (!names.containsKey(name)) {
      throw new Refusal(
          ExitCode.USAGE,
          "there is no example '" + name + "'; known: " + String.join(", ", names.keySet()));
    }
    Map<String, String> files = examples.withBases(names.get(name));
    for (String file : files.keySet()) {
      Path target = folder.resolve(file);
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
          && !Files.readString(target).equals(files.get(file))) {
        throw new Refusal(
            ExitCode.USAGE,
            target
                + " is there already and differs; choose another folder: emergence init "
                + name
                + " DIR");
      }
    }
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path target = folder.resolve(file.getKey());
      if (target.getParent() != null) {
        Files.createDirectories(target.getParent());
      }
      Files.writeString(target, file.getValue());
      out.println(target);
    }
    return ExitCode.OK;
  }
}
