package dev.emergence.cli;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Tables;
import dev.emergence.plan.Plan;
import dev.emergence.result.Damaged;
import dev.emergence.result.Disk;
import dev.emergence.result.Picture;
import dev.emergence.result.Pictures;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.Safetensors;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code export DIR}: tables, weights and attention patterns for other programs. */
@Command(
    name = "export",
    description = "Tables, weights and attention patterns for other programs.")
final class ExportCommand implements Callable<Integer> {
  private static final String STATE = "state/";
  private static final List<String> CARRIED = List.of("adam.", "sgd.", "batch.");

  @Spec private CommandSpec spec;
  @Mixin private FolderArgument folder;

  /** What can be written. */
  enum Format {
    csv,
    jsonl,
    safetensors
  }

  @Option(
      names = "--format",
      split = ",",
      paramLabel = "F",
      defaultValue = "csv,jsonl",
      description = "Any of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private List<Format> formats = List.of();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Where weights and patterns go; default DIR/export.")
  private Optional<Path> to = Optional.empty();

  @Override
  public Integer call() throws IOException {
    ResultsFolder results = folder.open();
    Plan plan = FolderArgument.plan(results);
    PrintWriter out = spec.commandLine().getOut();
    if (formats.contains(Format.csv) || formats.contains(Format.jsonl)) {
      Tables.write(results, Analysis.of(plan, results.load(plan)));
      out.println(results.root().resolve("tables"));
    }
    if (formats.contains(Format.safetensors)) {
      Path target = to.orElse(results.root().resolve("export"));
      int count = 0;
      Set<String> ids = results.load(plan).keySet();
      for (String id : ids) {
        count += tensors(results, id, target);
      }
      out.println(target + ": " + count + " files");
      long bare = ids.stream().filter(id -> !results.run(id).hasCheckpoint()).count();
      if (bare > 0) {
        spec.commandLine()
            .getErr()
            .println(
                bare
                    + (bare == 1 ? " run keeps" : " runs keep")
                    + " no weights, as execution.keep says; `emergence run` with --set"
                    + " execution.keep=all trains them again and keeps them");
      }
    }
    return ExitCode.OK;
  }

  /** Weights without what the optimiser carries, and patterns, a file each. */
  private int tensors(ResultsFolder results, String id, Path target) throws IOException {
    try {
      Map<String, Safetensors.Values> weights = new LinkedHashMap<>();
      results
          .run(id)
          .checkpoint()
          .ifPresent(
              c ->
                  c.tensors()
                      .forEach(
                          (name, values) -> {
                            if (isWeight(name, values.shape().length == 0)) {
                              weights.put(name.substring(STATE.length()), values);
                            }
                          }));
      List<Picture> pictures = results.run(id).pictures();
      int written = 0;
      written += write(target.resolve(id + ".weights.safetensors"), id, weights);
      written +=
          write(target.resolve(id + ".attention.safetensors"), id, Pictures.tensors(pictures));
      return written;
    } catch (Damaged e) {
      throw new Refusal(
          ExitCode.FOLDER_UNUSABLE,
          "run " + id + " is damaged: " + e.getMessage() + "; `emergence run` does it again");
    }
  }

  private static boolean isWeight(String name, boolean scalar) {
    return name.startsWith(STATE)
        && !scalar
        && CARRIED.stream().noneMatch(o -> name.startsWith(STATE + o));
  }

  private static int write(Path file, String id, Map<String, Safetensors.Values> tensors)
      throws IOException {
    if (tensors.isEmpty()) {
      return 0;
    }
    Disk disk = Disk.local();
    disk.createDirectories(file.getParent());
    disk.write(file, new Safetensors(Map.of("run", id), tensors).content());
    return 1;
  }
}
