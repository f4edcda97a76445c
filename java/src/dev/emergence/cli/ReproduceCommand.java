package dev.emergence.cli;

import dev.emergence.Experiment;
import dev.emergence.Results;
import dev.emergence.RunOptions;
import dev.emergence.analysis.Analysis;
import dev.emergence.execute.device.Unavailable;
import dev.emergence.execute.process.SignalHook;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Standing;
import dev.emergence.execute.run.Summary;
import dev.emergence.plan.Plan;
import dev.emergence.report.IndexPage;
import dev.emergence.result.Damaged;
import dev.emergence.result.Json;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
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

/** {@code reproduce WHAT}: many files, one after the other, and one page over all of them. */
@Command(
    name = "reproduce",
    description =
        "Runs many files, the cheapest first, and writes one page: each claim"
            + " with our number, the paper's, the verdict and the time. Running it"
            + " again continues.")
final class ReproduceCommand implements Callable<Integer> {
  private static final String TIMES = "times.json";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "WHAT",
      arity = "1..*",
      description = "paper1, paper2 (all figures of a paper), or experiment files.")
  private List<String> what = new ArrayList<>();

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description =
          "A profile such as laptop, for the files that have it. The others run" + " at full size.")
  private Optional<String> profile = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the results folders and the page; default results.")
  private Path out = Path.of("results");

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Number of runs trained at the same time; default: one for each core.")
  private Optional<Integer> jobs = Optional.empty();

  @Option(names = "--device", paramLabel = "D", description = "auto, cpu, cuda or cuda:N.")
  private Optional<String> device = Optional.empty();

  @Option(
      names = "--stop-after",
      paramLabel = "TIME",
      description = "Saves everything and ends with exit code 75 after this time, such as 2h.")
  private Optional<String> stopAfter = Optional.empty();

  @Option(names = "--in-process", hidden = true, description = "Workers are threads.")
  private boolean inProcess;

  @Override
  public Integer call() throws IOException {
    jobs.ifPresent(n -> Numbers.within(n, 1, 4096, "--jobs"));
    device.ifPresent(d -> Refusal.unlessDevice(d, "auto", "cpu", "cuda"));
    String title =
        "reproduce-"
            + String.join("-", what.stream().map(w -> ReproducedFile.stem(Path.of(w))).toList());
    Path home = out.resolve(title);
    Refusal.unlessWritable(home);
    List<ReproducedFile> items = new ArrayList<>();
    for (Path file : PaperFiles.of(what, home.resolve("files"))) {
      items.add(ReproducedFile.read(file, profile));
    }
    distinct(items);
    PrintWriter err = spec.commandLine().getErr();
    profile.ifPresent(name -> ReproducedFile.requireProfile(name, items, err));
    items.sort(Comparator.comparingDouble(ReproducedFile::cost));
    Interrupt interrupt =
        stopAfter
            .map(t -> Interrupt.after(Numbers.duration(t, "--stop-after")))
            .orElseGet(Interrupt::onRequest);
    SignalHook signals = SignalHook.heardBy(interrupt);
    try {
      return all(items, title, home, interrupt);
    } finally {
      signals.close();
    }
  }

  /** Two files of one name would write into one folder. */
  private void distinct(List<ReproducedFile> items) {
    Map<String, ReproducedFile> names = new LinkedHashMap<>();
    for (ReproducedFile item : items) {
      ReproducedFile before = names.putIfAbsent(item.name(), item);
      if (before != null) {
        throw new Refusal(
            ExitCode.INVALID_FILE,
            before.file()
                + " and "
                + item.file()
                + " are both called '"
                + item.name()
                + "', and would share "
                + out.resolve(item.name())
                + "; give one another name");
      }
    }
  }

  private int all(List<ReproducedFile> items, String title, Path home, Interrupt interrupt)
      throws IOException {
    PrintWriter print = spec.commandLine().getOut();
    Map<String, Object> times = times(home);
    Map<ReproducedFile, IndexPage.Entry> entries = new LinkedHashMap<>();
    for (ReproducedFile item : items) {
      entries.put(item, stored(item, times));
    }
    write(home, title, List.copyOf(entries.values()), times);
    int code = ExitCode.OK;
    int at = 0;
    for (ReproducedFile item : items) {
      if (interrupt.requested()) {
        code = ExitCode.INTERRUPTED;
        break;
      }
      print.println(item.name() + " (" + ++at + " of " + items.size() + ")");
      print.flush();
      long began = System.nanoTime();
      Outcome outcome = run(item, interrupt);
      double seconds = seconds(item, times) + (System.nanoTime() - began) / 1e9;
      // Looking again at what was there already is no work on it.
      if (outcome.worked()) {
        times.put(item.name(), seconds);
      }
      entries.put(
          item,
          new IndexPage.Entry(
              item.name(),
              item.file().getFileName().toString(),
              "../" + item.name(),
              outcome.results().map(Results::analysis),
              seconds(item, times),
              outcome.note(),
              outcome.results().isEmpty()));
      code = worse(code, outcome.code());
      write(home, title, List.copyOf(entries.values()), times);
    }
    if (code == ExitCode.INTERRUPTED) {
      spec.commandLine()
          .getErr()
          .println("stopped: " + interrupt.reason() + ". The same command goes on from here.");
    }
    print.println("page: " + home.resolve("index.html"));
    return code;
  }

  private static double seconds(ReproducedFile item, Map<String, Object> times) {
    return times.get(item.name()) instanceof Number n ? n.doubleValue() : 0;
  }

  /** A file before its turn: what earlier sessions have stored of it. */
  private IndexPage.Entry stored(ReproducedFile item, Map<String, Object> times) {
    Path folder = out.resolve(item.name());
    Optional<Analysis> analysis =
        item.experiment()
            .map(
                e ->
                    ResultsFolder.isAt(folder)
                        ? stored(e.plan(), folder)
                        : Analysis.of(e.plan(), Map.of()));
    String note =
        analysis.isEmpty()
            ? item.trouble()
            : "not run: " + analysis.get().runs().size() + " runs are to be done";
    return new IndexPage.Entry(
        item.name(),
        item.file().getFileName().toString(),
        "../" + item.name(),
        analysis,
        seconds(item, times),
        note,
        analysis.isEmpty());
  }

  private static Analysis stored(Plan plan, Path folder) {
    ResultsFolder results = ResultsFolder.read(folder);
    return Analysis.of(plan, results.load(plan), results);
  }

  private static void write(
      Path home, String title, List<IndexPage.Entry> entries, Map<String, Object> times)
      throws IOException {
    Files.createDirectories(home);
    Files.writeString(home.resolve(TIMES), Json.pretty(times));
    String shown = title.replace('-', ' ');
    replace(home.resolve("index.html"), IndexPage.html(shown, entries));
    replace(home.resolve("index.md"), IndexPage.markdown(shown, entries));
  }

  private static void replace(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static Map<String, Object> times(Path home) {
    try {
      return new LinkedHashMap<>(Json.read(home.resolve(TIMES)));
    } catch (Damaged e) {
      return new LinkedHashMap<>();
    }
  }

  /** What came of one file. */
  private record Outcome(Optional<Results> results, int code, String note, boolean worked) {}

  private Outcome run(ReproducedFile item, Interrupt interrupt) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    if (item.experiment().isEmpty()) {
      err.print(item.trouble());
      return new Outcome(Optional.empty(), ExitCode.INVALID_FILE, item.trouble(), false);
    }
    Experiment experiment = item.experiment().get();
    try (ProgressLine progress =
        new ProgressLine(err, ProgressLine.onTerminal(), ProgressLine.columns())) {
      Results results =
          experiment.run(
              out.resolve(item.name()),
              new RunOptions(device, jobs, a -> true, !inProcess, interrupt, progress));
      results.write().forEach(err::println);
      results.studyTroubles().forEach(err::println);
      boolean worked = results.summary().computed() > 0;
      return new Outcome(
          Optional.of(results), code(results, interrupt), note(results, interrupt), worked);
    } catch (Unavailable e) {
      err.println(e.getMessage());
      return new Outcome(Optional.empty(), ExitCode.ENVIRONMENT, e.getMessage(), false);
    }
  }

  private static int code(Results results, Interrupt interrupt) {
    if (isInterrupted(results, interrupt)) {
      return ExitCode.INTERRUPTED;
    }
    if (!results.summary().isComplete() || !results.studyTroubles().isEmpty()) {
      return ExitCode.RUNS_FAILED;
    }
    return results.holds() ? ExitCode.OK : ExitCode.EXPECTATION_MISSED;
  }

  private static boolean isInterrupted(Results results, Interrupt interrupt) {
    boolean unstudied = results.studies().stream().anyMatch(s -> s.open() > 0);
    return results.summary().isInterrupted() || (interrupt.cause().isPause() && unstudied);
  }

  private static String note(Results results, Interrupt interrupt) {
    Summary summary = results.summary();
    long bad = summary.count(Standing.State.FAILED) + summary.count(Standing.State.DIVERGED);
    int studies = results.studyTroubles().size();
    return (bad > 0 ? bad + " runs failed or diverged. " : "")
        + (studies > 0 ? studies + " studies of runs failed. " : "")
        + (isInterrupted(results, interrupt) ? "Not finished: " + interrupt.reason() + "." : "");
  }

  /** Interrupted beats failed beats missed. */
  private static int worse(int a, int b) {
    List<Integer> order =
        List.of(
            ExitCode.OK,
            ExitCode.EXPECTATION_MISSED,
            ExitCode.RUNS_FAILED,
            ExitCode.INVALID_FILE,
            ExitCode.ENVIRONMENT,
            ExitCode.INTERRUPTED);
    return order.indexOf(a) >= order.indexOf(b) ? a : b;
  }
}
