package dev.emergence.cli;

import dev.emergence.Results;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Damaged;
import dev.emergence.result.Disk;
import dev.emergence.result.Picture;
import dev.emergence.result.Pictures;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.Safetensors;
import dev.emergence.result.StoredRun;
import dev.emergence.result.Weights;
import dev.emergence.spec.Numeral;
import dev.emergence.tensor.ShapedArray;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
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
    description =
        "Writes tables, figures, weights and attention patterns for other"
            + " programs and for papers.")
final class ExportCommand implements Callable<Integer> {
  private static final String STATE = "state/";
  private static final List<String> CARRIED = List.of("adam.", "sgd.", "batch.");

  @Spec private CommandSpec spec;
  @Mixin private FolderArgument folder;

  /** What can be written. */
  enum Format {
    /** Tables of runs, conditions and curves. */
    csv,
    /** Curves, a line an evaluation. */
    jsonl,
    /** Tables of conditions and laws for LaTeX, with booktabs. */
    tex,
    /** Figures. */
    svg,
    png,
    pdf,
    /** Weights and attention patterns, a file a run. */
    safetensors
  }

  @Option(
      names = "--format",
      split = ",",
      paramLabel = "F",
      description =
          "Any of ${COMPLETION-CANDIDATES}; default csv,jsonl, and csv,tex,svg,png,pdf with --to.")
  private List<Format> formats = List.of();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description =
          "Folder for the files; default DIR/export, and DIR/tables for csv and"
              + " jsonl. Replaces files of an earlier export only.")
  private Optional<Path> to = Optional.empty();

  private static final Set<Format> TABLES = EnumSet.of(Format.csv, Format.jsonl, Format.tex);
  private static final Set<Format> DRAWN =
      EnumSet.of(Format.tex, Format.svg, Format.png, Format.pdf);

  @Override
  public Integer call() throws IOException {
    ResultsFolder stored = folder.open();
    to.ifPresent(path -> outside(path, stored.root()));
    Results results = folder.results();
    if (to.isEmpty() || !folder.isReadOnly()) {
      return export(results, stored);
    }
    Path made = Files.createTempDirectory("emergence-export-");
    try {
      return export(results.derivedIn(made), stored.derivedIn(made));
    } finally {
      Disk.local().delete(made);
    }
  }

  private int export(Results results, ResultsFolder stored) throws IOException {
    Set<Format> wanted = EnumSet.copyOf(formats.isEmpty() ? usual() : formats);
    PrintWriter out = spec.commandLine().getOut();
    results.writeTables();
    boolean tables = wanted.contains(Format.csv) || wanted.contains(Format.jsonl);
    if (to.isEmpty() && tables) {
      out.println(stored.root().resolve("tables"));
    }
    if (to.isEmpty()) {
      wanted.removeAll(EnumSet.of(Format.csv, Format.jsonl));
    }
    if (!wanted.isEmpty()) {
      Path place = to.orElse(stored.root().resolve("export"));
      try (Exported target = new Exported(place, to.isEmpty())) {
        write(wanted, results, stored, target);
        out.println(place + ": " + Numeral.count(target.written(), "file"));
      }
    }
    return ExitCode.OK;
  }

  private static void outside(Path to, Path root) {
    Path place = to.toAbsolutePath().normalize();
    Path ours = root.toAbsolutePath().normalize();
    if (place.startsWith(ours) && !place.startsWith(ours.resolve("export"))) {
      throw new Refusal(
          ExitCode.USAGE,
          to
              + " is in the results folder, whose files are its own; without --to they go to export/");
    } else if (Files.exists(to) && !Files.isDirectory(to)) {
      throw new Refusal(ExitCode.USAGE, to + " is a file; --to names a folder");
    }
  }

  private List<Format> usual() {
    return to.isEmpty()
        ? List.of(Format.csv, Format.jsonl)
        : List.of(Format.csv, Format.tex, Format.svg, Format.png, Format.pdf);
  }

  private void write(Set<Format> wanted, Results results, ResultsFolder stored, Exported target)
      throws IOException {
    if (wanted.stream().anyMatch(DRAWN::contains)) {
      results.write().forEach(spec.commandLine().getErr()::println);
    }
    for (Format format : wanted) {
      if (format != Format.safetensors) {
        boolean table = TABLES.contains(format);
        int before = target.written();
        copy(stored.derived().resolve(table ? "tables" : "plots"), "." + format, target);
        if (!table && target.written() == before) {
          spec.commandLine().getErr().println("there is no figure to write as " + format);
        }
      }
    }
    if (wanted.contains(Format.safetensors)) {
      weights(results, stored, target);
    }
  }

  private static void copy(Path from, String ending, Exported target) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    try (var files = Files.list(from)) {
      for (Path file : files.sorted().toList()) {
        if (file.getFileName().toString().endsWith(ending)) {
          target.write(file.getFileName().toString(), Disk.Content.of(Files.readAllBytes(file)));
        }
      }
    }
  }

  private void weights(Results results, ResultsFolder stored, Exported target) throws IOException {
    Map<String, StoredRun> finished = results.analysis().stored();
    List<String> ids =
        results.analysis().plan().runs().stream()
            .map(PlannedRun::id)
            .filter(finished::containsKey)
            .toList();
    for (String id : ids) {
      tensors(stored, id, target);
    }
    long bare = ids.stream().filter(id -> !stored.run(id).hasCheckpoint()).count();
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

  /** Weights without what the optimiser carries, and patterns, a file each. */
  private void tensors(ResultsFolder results, String id, Exported target) throws IOException {
    try {
      Map<String, ShapedArray> weights = new LinkedHashMap<>();
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
      Weights stored = results.run(id).weights();
      for (long step : stored.steps()) {
        write(target, id + ".weights-" + step + ".safetensors", id, stored.read(step).tensors());
      }
      List<Picture> pictures = results.run(id).pictures();
      write(target, id + ".weights.safetensors", id, weights);
      write(target, id + ".attention.safetensors", id, Pictures.tensors(pictures));
    } catch (Damaged e) {
      throw new Refusal(
          ExitCode.FOLDER_UNUSABLE,
          "run " + id + " is damaged: " + e.getMessage() + Damaged.REMEDY);
    }
  }

  private static boolean isWeight(String name, boolean scalar) {
    return name.startsWith(STATE)
        && !scalar
        && CARRIED.stream().noneMatch(o -> name.startsWith(STATE + o));
  }

  private static void write(
      Exported target, String name, String id, Map<String, ShapedArray> tensors)
      throws IOException {
    if (!tensors.isEmpty()) {
      target.write(name, new Safetensors(Map.of("run", id), tensors).content());
    }
  }
}
