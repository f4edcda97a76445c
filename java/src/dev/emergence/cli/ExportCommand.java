package dev.emergence.cli;

import dev.emergence.Results;
import dev.emergence.result.Disk;
import dev.emergence.result.ResultsFolder;
import dev.emergence.spec.Numeral;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
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
        "Writes tables, figures, weights, attention patterns and sequences for other"
            + " programs and for papers. 'emergence explain weights' says how to compute with"
            + " them in PyTorch.")
final class ExportCommand implements Callable<Integer> {
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
    safetensors,
    /** Sequences of the test sets, a file a run and test set. */
    sequences
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
  private static final Set<Format> TENSORS = EnumSet.of(Format.safetensors, Format.sequences);

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
      if (!TENSORS.contains(format)) {
        boolean table = TABLES.contains(format);
        int before = target.written();
        copy(stored.derived().resolve(table ? "tables" : "plots"), "." + format, target);
        if (!table && target.written() == before) {
          spec.commandLine().getErr().println("there is no figure to write as " + format);
        }
      }
    }
    TensorExports tensors =
        new TensorExports(results.analysis(), stored, target, spec.commandLine().getErr());
    if (wanted.contains(Format.safetensors)) {
      tensors.weights();
    }
    if (wanted.contains(Format.sequences)) {
      tensors.sequences();
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
}
