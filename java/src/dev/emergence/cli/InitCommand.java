package dev.emergence.cli;

import dev.emergence.dsl.page.SchemaWriter;
import dev.emergence.dsl.page.SkeletonWriter;
import dev.emergence.spec.PluginFailure;
import dev.emergence.spec.RunConfig;
import dev.emergence.task.Level;
import dev.emergence.task.Replica;
import dev.emergence.task.Tasks;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code init NAME}: an example to start from. */
@Command(
    name = "init",
    description =
        "Writes an example to start from, with the files that it extends."
            + " Without a name, lists the examples.")
final class InitCommand implements Callable<Integer> {
  private static final double CLEAR_LOSS = 0.1;
  private static final String SCHEMA = "experiment.v1.schema.json";
  private static final String EDITOR = "# yaml-language-server: $schema=./" + SCHEMA + "\n";

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      arity = "0..1",
      description = "An example, such as quickstart or fig3.")
  private String name = "";

  @Option(
      names = "--task",
      paramLabel = "KIND",
      description =
          "Writes a commented first file for this kind of task instead of an" + " example.")
  private Optional<String> task = Optional.empty();

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      arity = "0..1",
      description = "Folder for the files; default: the current one.")
  private Path folder = Path.of("");

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (task.isPresent()) {
      // The only name there can be is a folder then.
      if (!name.isEmpty() && !folder.toString().isEmpty()) {
        throw new Refusal(
            ExitCode.USAGE,
            "init --task takes one folder, got '" + name + "' and '" + folder + "'");
      }
      return write(skeleton(task.get()), name.isEmpty() ? folder : Path.of(name), out);
    }
    Examples examples = Examples.load();
    Map<String, String> names = examples.names();
    if (name.isEmpty()) {
      names.forEach(
          (known, file) -> out.println(Numbers.text("%-24s %s", known, examples.question(file))));
      return ExitCode.OK;
    }
    String path =
        examples.find(name).orElseThrow(() -> Refusal.unknown("example", name, names.keySet()));
    Map<String, String> files = new LinkedHashMap<>();
    examples.withBases(path).forEach((file, text) -> files.put(file, known(file, text)));
    return write(files, folder, out);
  }

  private static Map<String, String> skeleton(String kind) {
    if (!SkeletonWriter.kinds().contains(kind)) {
      throw Refusal.unknown("task", kind, SkeletonWriter.kinds());
    }
    return Map.of(
        kind.replace('_', '-') + ".yaml", EDITOR + SkeletonWriter.write(kind, InitCommand::loss));
  }

  /**
   * A loss that tells who has learned the task: 0.1, or where the best possible prediction is not
   * far below it, halfway from there to the best of the simple strategies.
   */
  private static String loss(RunConfig config) {
    List<Level> losses = losses(config);
    double oracle = losses.stream().mapToDouble(Level::value).min().orElse(0);
    if (oracle < CLEAR_LOSS / 2) {
      return Double.toString(CLEAR_LOSS);
    }
    double strategy =
        losses.stream()
            .filter(level -> !level.name().equals("oracle"))
            .mapToDouble(Level::value)
            .filter(value -> value > oracle)
            .min()
            .orElse(oracle);
    return Numbers.text("%.3g", (oracle + strategy) / 2);
  }

  private static List<Level> losses(RunConfig config) {
    try {
      return Tasks.levels(new Replica(config, 0), "test").stream()
          .filter(level -> level.metric().equals("loss"))
          .toList();
    } catch (PluginFailure e) {
      return List.of(); // A run says so.
    }
  }

  /** A file with the line by which editors find the schema. */
  private static String known(String file, String text) {
    String up = "../".repeat(Path.of(file).getNameCount() - 1);
    return text.contains("yaml-language-server")
        ? text
        : EDITOR.replace("./", up.isEmpty() ? "./" : up) + text;
  }

  private static Integer write(Map<String, String> files, Path folder, PrintWriter out)
      throws IOException {
    if (folder.toString().matches(".*\\.ya?ml")) {
      throw new Refusal(
          ExitCode.USAGE,
          "init writes into a folder, got '"
              + folder
              + "', which looks like a file; name a folder, and rename "
              + files.keySet().iterator().next()
              + " afterwards");
    }
    Map<String, String> all = new LinkedHashMap<>(files);
    all.put(SCHEMA, SchemaWriter.write());
    for (String file : files.keySet()) {
      Path target = folder.resolve(file);
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
          && !Files.readString(target).equals(files.get(file))) {
        throw new Refusal(
            ExitCode.USAGE,
            target + " is there already and differs; name another folder after the example");
      }
    }
    for (Map.Entry<String, String> file : all.entrySet()) {
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
