package dev.emergence.cli;

import dev.emergence.Experiment;
import dev.emergence.backend.Devices;
import dev.emergence.execute.device.Engines;
import dev.emergence.execute.device.Profiling;
import dev.emergence.execute.device.StepCost;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.tensor.Backend;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code profile FILE --steps 100..110 --tool nsys}: a fresh, short training under one of NVIDIA's
 * profilers, which looks at the steps asked for alone. {@code profile FILE --predict}: what a step
 * would take on a GPU, by a model, on a machine without one.
 */
@Command(
    name = "profile",
    description =
        "Trains the cheapest run that is asked for, in a process of its own, for a profiler to look"
            + " at some steps of; prints the profiler's command, and stores nothing. With --predict:"
            + " what a step of it would take on a GPU, by a model, without one.")
final class ProfileCommand implements Callable<Integer> {
  private static final Pattern STEPS = Pattern.compile("(\\d{1,9})\\.\\.(\\d{1,9})");
  private static final Pattern GPU = Pattern.compile("cuda(:\\d{1,3})?");

  /** Tells the process under the profiler what it is; no option for people. */
  private static final String INSIDE = "--inside";

  private static final String DRY_RUN = "--dry-run";

  @Spec private CommandSpec spec;
  @Mixin private FileArguments file;

  /** Profilers that are known. */
  enum Tool {
    /** Nsight Systems: the time line. */
    nsys,
    /** Nsight Compute: one kernel after the other, against its roofline. */
    ncu
  }

  @Option(
      names = "--steps",
      paramLabel = "A..B",
      defaultValue = "100..110",
      description =
          "The steps after A, up to B, also beyond the run's max_steps; default ${DEFAULT-VALUE}.")
  private String steps = "100..110";

  @Option(
      names = "--tool",
      paramLabel = "TOOL",
      defaultValue = "nsys",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Tool tool = Tool.nsys;

  @Option(
      names = "--replicas",
      paramLabel = "R",
      defaultValue = "1",
      description = "Number of runs trained together; default ${DEFAULT-VALUE}.")
  private int replicas = 1;

  @Option(names = "--device", paramLabel = "D", description = "cuda or cuda:N; default cuda.")
  private String device = "cuda";

  @Option(
      names = "--out",
      paramLabel = "REPORT",
      description = "Name of the profiler's report, without its ending; default NAME-TOOL.")
  private Optional<Path> out = Optional.empty();

  @Option(names = DRY_RUN, description = "Prints the profiler's command and starts nothing.")
  private boolean dryRun;

  @Option(
      names = "--predict",
      description =
          "Prints operations, bytes, kernels and predicted times of a step on"
              + " GPUs. Needs no GPU.")
  private boolean predict;

  @Option(names = INSIDE, hidden = true)
  private boolean inside;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Matcher range = STEPS.matcher(steps);
    if (!range.matches() || Long.parseLong(range.group(1)) >= Long.parseLong(range.group(2))) {
      throw new Refusal(
          ExitCode.USAGE, "--steps takes a range such as 100..110, got '" + steps + "'");
    }
    Numbers.within(replicas, 1, 4096, "--replicas");
    Experiment experiment = file.experiment(spec.commandLine().getErr());
    PlannedRun run = cheapest(file.plan(experiment));
    Refusal.notBeside(
        "--predict", predict, spec, "--steps", "--tool", "--device", "--out", DRY_RUN);
    if (predict) {
      try (Backend backend = Devices.open("cpu", 1)) {
        StepCost cost = StepCost.predict(backend, run, replicas);
        PredictedStep.print(spec.commandLine().getOut(), run.id(), cost);
      }
      return ExitCode.OK;
    }
    if (inside) {
      int threads = experiment.spec().execution().threads();
      Engines.Choice choice = Engines.choose(List.of(run), device, threads);
      Profiling.run(
          choice.engine(),
          run,
          replicas,
          Long.parseLong(range.group(1)),
          Long.parseLong(range.group(2)));
      return ExitCode.OK;
    }
    String usual = experiment.spec().name() + "-" + tool;
    return start(out.map(Path::toString).orElse(usual), run);
  }

  /** The cheapest run that takes steps on a device: others are integrated without one. */
  private static PlannedRun cheapest(Plan plan) {
    return plan.runs().stream()
        .filter(run -> run.run().config().architecture().isTrained())
        .findFirst()
        .orElseThrow(
            () ->
                new Refusal(
                    ExitCode.USAGE,
                    "no run that is asked for trains on batches: they are integrated on the"
                        + " expected loss, without a device, so there are no steps to look at"));
  }

  private int start(String report, PlannedRun run) throws IOException, InterruptedException {
    if (!GPU.matcher(device).matches()) {
      throw new Refusal(
          ExitCode.USAGE,
          "--device takes cuda or cuda:N, as the profilers see GPUs alone, got '" + device + "'");
    }
    PrintWriter printer = spec.commandLine().getOut();
    List<String> command = new ArrayList<>(profiler(report));
    command.addAll(ourselves());
    printer.println("run " + run.id() + ", steps " + steps + ":");
    // Launch by launch, so that ranges and kernels show instead of one graph a step.
    printer.println(
        "EM_GRAPHS=0 " + String.join(" ", command.stream().map(ProfileCommand::quoted).toList()));
    printer.flush();
    if (dryRun) {
      return ExitCode.OK;
    }
    if (!isOnPath(tool.name())) {
      throw new Refusal(
          ExitCode.ENVIRONMENT,
          tool
              + " is not on the path; it comes with "
              + (tool == Tool.nsys ? "Nsight Systems" : "Nsight Compute")
              + " and with the CUDA toolkit; the command above can also be run by hand");
    }
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("EM_GRAPHS", "0");
    int code = builder.start().waitFor();
    if (code != 0) {
      throw new Refusal(
          ExitCode.ENVIRONMENT, tool + " ended with exit code " + code + "; what it said is above");
    }
    printer.println(
        "open the report: " + (tool == Tool.nsys ? "nsys-ui " : "ncu-ui ") + report + ending());
    return ExitCode.OK;
  }

  private String ending() {
    return tool == Tool.nsys ? ".nsys-rep" : ".ncu-rep";
  }

  private List<String> profiler(String report) {
    return tool == Tool.nsys
        ? List.of(
            "nsys",
            "profile",
            "--trace=cuda,nvtx,cublas",
            "--capture-range=cudaProfilerApi",
            "--capture-range-end=stop",
            "--force-overwrite=true",
            "--output=" + report)
        : List.of(
            "ncu",
            "--profile-from-start=off",
            "--nvtx",
            "--set=full",
            "--clock-control=none",
            "--target-processes=all",
            "--force-overwrite",
            "--export=" + report);
  }

  /** This program with the same arguments, in a Java of its own. */
  private List<String> ourselves() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    spec.commandLine().getParseResult().originalArgs().stream()
        .filter(word -> !word.equals(DRY_RUN))
        .forEach(command::add);
    command.add(INSIDE);
    return command;
  }

  private static boolean isOnPath(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    for (String folder : path.split(File.pathSeparator)) {
      if (Files.isExecutable(Path.of(folder.isEmpty() ? "." : folder).resolve(program))) {
        return true;
      }
    }
    return false;
  }

  /** A word as a shell reads it. */
  private static String quoted(String word) {
    return word.matches("[\\w./:=,+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
