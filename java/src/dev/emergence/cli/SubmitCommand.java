package dev.emergence.cli;

import dev.emergence.Experiment;
import dev.emergence.execute.cluster.SlurmArray;
import dev.emergence.plan.Plan;
import dev.emergence.result.Disk;
import dev.emergence.result.ResultsFolder;
import dev.emergence.spec.Numeral;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code submit FILE --to slurm}: writes the array script and hands it to the scheduler. */
@Command(
    name = "submit",
    description =
        "Submits an experiment to a cluster, as an array of workers that share"
            + " the results folder. Each does one run after the other.")
final class SubmitCommand implements Callable<Integer> {
  private static final int MOST_WORKERS = 100_000;
  private static final int MOST_MEMORY = 1_000_000;
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(3650);
  @Spec private CommandSpec spec;
  @Mixin private FileArguments file;

  /** Schedulers that are known. */
  enum Scheduler {
    slurm
  }

  @Option(
      names = "--to",
      paramLabel = "SCHEDULER",
      required = true,
      description = "${COMPLETION-CANDIDATES}")
  private Scheduler scheduler = Scheduler.slurm;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "The results folder, on a file system that all nodes share; default results/NAME, and"
              + " results/NAME+PROFILE with a profile.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "4",
      description = "Number of workers, at most one for each run; default" + " ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "8h",
      description =
          "Wall time of a worker, such as 8h, 7h50min or 7-00:00:00; default"
              + " ${DEFAULT-VALUE}.")
  private String time = "8h";

  @Option(
      names = "--memory",
      paramLabel = "GB",
      defaultValue = "8",
      description = "Memory of a worker in GB; default ${DEFAULT-VALUE}.")
  private int memory;

  @Option(
      names = "--gres",
      paramLabel = "GRES",
      description =
          "What a worker gets besides processors, such as gpu:1; default gpu:1"
              + " for device cuda, else nothing.")
  private Optional<String> gres = Optional.empty();

  @Option(
      names = "--sbatch",
      paramLabel = "OPTION",
      description = "One more line for the script, such as --partition=short; may be given again.")
  private List<String> options = new ArrayList<>();

  @Option(
      names = "--setup",
      paramLabel = "LINE",
      description =
          "A line of shell before the worker starts, such as \"module load cuda\"; may be given"
              + " again.")
  private List<String> setup = new ArrayList<>();

  @Option(names = "--dry-run", description = "Writes and shows the script, and submits nothing.")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException {
    PrintWriter printer = spec.commandLine().getOut();
    Duration wall = wall();
    Numbers.within(workers, 1, MOST_WORKERS, "--workers");
    Numbers.within(memory, 1, MOST_MEMORY, "--memory");
    Experiment experiment = file.experiment(spec.commandLine().getErr());
    // A part of the plan that there is not is refused before anything is written.
    int elements = elements(experiment);
    Plan plan = experiment.plan();
    ResultsFolder results =
        ResultsFolder.open(out.orElse(Path.of("results", experiment.spec().name())), Disk.local());
    results.enter(plan).ifPresent(spec.commandLine().getErr()::println);
    results.writePlan(plan, experiment.origin());
    sayWhyFewer(experiment, elements);
    SlurmArray array = array(experiment, results.root(), elements, wall);
    String script = array.script();
    results.writeDerived(
        "slurm/array.sh", Disk.Content.of(script.getBytes(StandardCharsets.UTF_8)));
    Path path = results.root().resolve("slurm/array.sh");
    if (dryRun) {
      printer.print(script);
      return ExitCode.OK;
    }
    array.requireRoom();
    printer.println(array.submit(path));
    printer.println("watch it: emergence status --watch " + results.root());
    printer.println("when it is done: emergence report " + results.root());
    return ExitCode.OK;
  }

  private Duration wall() {
    Duration wall =
        SlurmTime.parse(time)
            .orElseThrow(
                () ->
                    new Refusal(
                        ExitCode.USAGE,
                        "--time takes a duration such as 8h or 7h50min, or Slurm's days-hours:"
                            + "minutes:seconds, got '"
                            + time
                            + "'"));
    if (wall.compareTo(SHORTEST) < 0 || wall.compareTo(LONGEST) > 0) {
      throw new Refusal(ExitCode.USAGE, "--time must be from 1min to 3650d, got '" + time + "'");
    }
    return wall;
  }

  /** No more workers than can work at the same time: the others would take places for nothing. */
  private int elements(Experiment experiment) {
    int studies = experiment.spec().studies().size();
    long most = (long) file.plan(experiment).runs().size() * Math.max(1, studies);
    return (int) Math.min(workers, most);
  }

  private void sayWhyFewer(Experiment experiment, int elements) {
    if (elements < workers) {
      int runs = file.plan(experiment).runs().size();
      int studies = experiment.spec().studies().size();
      String named = (runs == 1 ? "is only " : "are only ") + Numeral.count(runs, "run");
      String studied = studies > 1 ? " with at most " + studies + " studies each" : "";
      spec.commandLine()
          .getErr()
          .printf(
              "%s instead of %d, because there %s%s%n",
              Numeral.count(elements, "worker"), workers, named, studied);
    }
  }

  private SlurmArray array(Experiment experiment, Path folder, int elements, Duration wall)
      throws IOException {
    String device = experiment.spec().execution().device();
    String resource = gres.orElse(device.startsWith("cuda") ? "gpu:1" : "");
    try {
      return new SlurmArray(
          experiment.spec().name(),
          folder.toRealPath(),
          elements,
          resource,
          experiment.spec().execution().threads(),
          memory,
          wall,
          options,
          setup,
          file.partWords());
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, e.getMessage());
    }
  }
}
