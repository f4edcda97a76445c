package dev.emergence.cli;

import dev.emergence.Experiment;
import dev.emergence.dsl.Explanation;
import dev.emergence.dsl.bind.Suggestions;
import dev.emergence.execute.Execution;
import dev.emergence.execute.device.Engines;
import dev.emergence.execute.run.Standing;
import dev.emergence.plan.Plan;
import dev.emergence.result.Json;
import dev.emergence.result.ResultsFolder;
import dev.emergence.spec.Keys;
import dev.emergence.spec.expr.Symbols;
import dev.emergence.study.StudyStanding;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plan FILE}: what {@code run} would do and what it would cost. */
@Command(
    name = "plan",
    description =
        "Shows what run would do: the runs, which are done, memory, time and"
            + " disk. Trains nothing, except to measure speed.")
final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FileArguments file;

  @Option(
      names = "--explain",
      paramLabel = "PATH",
      description = "Only says where a value such as task.dim comes from.")
  private Optional<String> explain = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "The results folder; default results/NAME, and results/NAME+PROFILE with a profile.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--device", paramLabel = "D", description = "auto, cpu, cuda or cuda:N.")
  private Optional<String> device = Optional.empty();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Number of runs trained at the same time; default: one for each core.")
  private Optional<Integer> jobs = Optional.empty();

  @Option(
      names = "--no-calibrate",
      description = "Assumes a speed instead of measuring each shape for two seconds.")
  private boolean assume;

  @Option(names = "--json", description = "Prints JSON, with every run.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter printer = spec.commandLine().getOut();
    jobs.ifPresent(n -> Numbers.within(n, 1, 4096, "--jobs"));
    device.ifPresent(d -> Refusal.unlessDevice(d, "auto", "cpu", "cuda"));
    Experiment experiment = file.experiment(spec.commandLine().getErr());
    Refusal.notBeside(
        "--explain",
        explain.isPresent(),
        spec,
        "--only",
        "--where",
        "--out",
        "--device",
        "--jobs",
        "--no-calibrate",
        "--json");
    if (explain.isPresent()) {
      explain(explain.get(), experiment, printer);
      return ExitCode.OK;
    }
    Plan plan = file.plan(experiment);
    Forecasts.of(plan).warning().ifPresent(spec.commandLine().getErr()::println);
    OutOfReach.warnings(plan).forEach(spec.commandLine().getErr()::println);
    NothingScored.warnings(plan).forEach(spec.commandLine().getErr()::println);
    Path folder = out.orElse(Path.of("results", experiment.spec().name()));
    Estimate estimate =
        Estimate.of(
            standings(plan, folder), choice(plan), plan.experiment().execution(), jobs, assume);
    estimate.shortage().ifPresent(spec.commandLine().getErr()::println);
    if (json) {
      printer.print(Json.pretty(estimate.tree(plan)));
    } else {
      new EstimateText(estimate).print(plan, printer);
      StudyLines.standings(studies(plan, folder)).forEach(printer::println);
    }
    return ExitCode.OK;
  }

  private Engines.Choice choice(Plan plan) {
    return Engines.choose(
        plan.runs(),
        device.orElse(plan.experiment().execution().device()),
        plan.experiment().execution().threads());
  }

  private static List<Standing> standings(Plan plan, Path folder) {
    return ResultsFolder.isAt(folder)
        ? Execution.standings(plan, ResultsFolder.read(folder))
        : plan.runs().stream()
            .map(run -> new Standing(run, Standing.State.TO_DO, 0, 0, ""))
            .toList();
  }

  private static List<StudyStanding> studies(Plan plan, Path folder) {
    if (ResultsFolder.isAt(folder)) {
      return StudyStanding.of(plan, ResultsFolder.read(folder));
    }
    List<StudyStanding> out = new ArrayList<>();
    plan.experiment()
        .studies()
        .forEach(
            (name, spec) ->
                out.add(
                    new StudyStanding(name, spec, plan.studied(spec).size(), 0, Map.of(), 0, 0)));
    return out;
  }

  /** {@code training.lr} ends with the symbol of another path; others are misspelt. */
  private static String meant(String path, Symbols symbols, Experiment experiment) {
    return symbols
        .path(path.substring(path.lastIndexOf('.') + 1))
        .or(() -> Suggestions.nearest(path, Selected.paths(experiment.spec())))
        .map(found -> "; did you mean '" + found + "'? ")
        .orElse("; ");
  }

  private void explain(String path, Experiment experiment, PrintWriter printer) {
    Symbols symbols =
        Symbols.of(
            Keys.kindOf((Record) experiment.spec().base().task()), experiment.spec().symbols());
    List<Explanation> lines = file.explain(path);
    if (lines.isEmpty()) {
      throw new Refusal(
          ExitCode.USAGE,
          "--explain: there is no key '"
              + path
              + "' in this file"
              + meant(path, symbols, experiment)
              + "`emergence symbols --all` lists paths");
    }
    String meant = symbols.path(path).orElse(path);
    lines.forEach(line -> printer.println(meant + " = " + line));
  }
}
