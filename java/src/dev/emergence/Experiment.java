package dev.emergence;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import dev.emergence.dsl.yaml.Diagnostic;
import dev.emergence.execute.Execution;
import dev.emergence.execute.device.Engines;
import dev.emergence.execute.device.MachineMemory;
import dev.emergence.execute.run.Guarded;
import dev.emergence.execute.run.Progress;
import dev.emergence.execute.run.Standings;
import dev.emergence.execute.run.Summary;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Planner;
import dev.emergence.result.Disk;
import dev.emergence.result.Origin;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.ExecutionSpec;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.study.StudyListener;
import dev.emergence.study.StudyWork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apiguardian.api.API;

/**
 * An experiment that can be run. It comes from a file, or from a {@link Spec} that a program
 * builds. It is immutable and may be used by several threads. It can be run many times, also in
 * several folders at the same time.
 *
 * <pre>{@code
 * Experiment experiment = Experiment.load(Path.of("quickstart.yaml"));
 * Results results = experiment.run(Path.of("results", "quickstart"));
 * results.fit("emergence_law");
 * }</pre>
 */
@API(status = API.Status.MAINTAINED)
public final class Experiment {
  private final Origin origin;
  private final ExperimentSpec spec;
  private final List<Diagnostic> warnings;
  private Plan plan;

  private Experiment(String name, Reading reading, ReadOptions options) {
    if (!reading.isValid()) {
      throw new InvalidExperiment(reading.toText(), reading.diagnostics());
    }
    this.origin =
        new Origin(
            name,
            options.profile(),
            options.sets(),
            reading.bases(),
            reading.text(),
            reading.standalone(name));
    this.spec = reading.spec().orElseThrow();
    this.warnings = reading.diagnostics();
  }

  /**
   * Reads a file and the files that it extends.
   *
   * @param file the file
   * @return the experiment
   * @throws InvalidExperiment with every problem of the file; also when the file cannot be read
   * @throws IOException never; kept for callers of the first version
   */
  public static Experiment load(Path file) throws IOException {
    return load(file, ReadOptions.none());
  }

  /**
   * Reads a file with one of its profiles, or with values that replace its own.
   *
   * @param file the file
   * @param options the profile and the values
   * @return the experiment
   * @throws InvalidExperiment with every problem of the file; also when the file cannot be read
   * @throws IOException never; kept for callers of the first version
   */
  public static Experiment load(Path file, ReadOptions options) throws IOException {
    return new Experiment(file.toString(), SpecReader.read(file, options), options);
  }

  /**
   * Reads a text instead of a file. The text cannot extend other files.
   *
   * @param yaml the text
   * @return the experiment
   * @throws InvalidExperiment with every problem of the text
   */
  public static Experiment parse(String yaml) {
    ReadOptions none = ReadOptions.none();
    return new Experiment("experiment", SpecReader.read("experiment", yaml, none), none);
  }

  /**
   * Reads an experiment that was built in Java, in the same way as a file.
   *
   * @param spec what the experiment says
   * @return the experiment
   * @throws InvalidExperiment with every problem of the spec; their places are those in {@link
   *     Spec#yaml}
   */
  public static Experiment of(Spec spec) {
    ReadOptions none = ReadOptions.none();
    return new Experiment(spec.title(), SpecReader.read(spec.title(), spec.yaml(), none), none);
  }

  /**
   * The contents of the file, with all defaults filled in and all sweeps expanded.
   *
   * @return the records that hold them
   */
  public ExperimentSpec spec() {
    return spec;
  }

  /**
   * The text of the file as it was given, without the files that it extends.
   *
   * @return the text
   */
  public String yaml() {
    return origin.text();
  }

  /**
   * Where the experiment comes from, and a text that gives the same experiment without other files.
   *
   * @return names and texts
   */
  public Origin origin() {
    return origin;
  }

  /**
   * The warnings about the file. An experiment with warnings can be run.
   *
   * @return the warnings, ordered by file, line and column
   */
  public List<Diagnostic> warnings() {
    return warnings;
  }

  /**
   * The runs of the experiment. They are planned at the first call. Planning reads no folder and
   * trains nothing.
   *
   * @return every run once, with its id and its expected cost
   */
  public synchronized Plan plan() {
    if (plan == null) {
      plan = Planner.plan(spec);
    }
    return plan;
  }

  /**
   * Computes what is missing in a results folder, with the options of the file. Runs that are
   * stored there are not repeated. The call returns when the work is done.
   *
   * @param folder the results folder; it is made if it does not exist
   * @return what the folder then contains
   * @throws dev.emergence.result.FolderUnusable when the folder belongs to a newer version or
   *     cannot be written
   * @throws dev.emergence.execute.device.Unavailable when the device is not available
   * @throws IOException when results cannot be written
   */
  public Results run(Path folder) throws IOException {
    return run(folder, RunOptions.defaults());
  }

  /**
   * The contents of a results folder for this experiment. Nothing is trained. Runs that are not
   * there count as missing.
   *
   * @param folder a results folder
   * @param notes receives a sentence when the folder contains runs that this experiment does not
   *     have
   * @return what the folder contains
   * @throws dev.emergence.result.FolderUnusable when this is not a results folder, when it is that
   *     of another experiment, or when one is at work in it
   * @throws IOException when the plan cannot be written
   */
  public Results stored(Path folder, Consumer<String> notes) throws IOException {
    ResultsFolder.requireAt(folder);
    ResultsFolder results = ResultsFolder.open(folder, Disk.local());
    Plan plan = plan();
    results.requireKin(plan);
    results.enter(plan).ifPresent(notes);
    results.writePlan(plan, origin);
    Standings runs = Standings.of(plan, results);
    return new Results(plan, results, Summary.of(runs), runs.stored(), List.of());
  }

  /**
   * Computes what is missing in a results folder, until everything is done or a stop is requested.
   * The call returns only then. Progress is reported to {@link RunOptions#progress}; nothing is
   * printed.
   *
   * @param folder the results folder; it is made if it does not exist
   * @param options device, number of jobs, a selection of runs, a stop, a listener
   * @return what the folder then contains; {@link Results#summary} says whether everything is done
   * @throws dev.emergence.result.FolderUnusable when the folder belongs to a newer version or
   *     cannot be written
   * @throws dev.emergence.execute.device.Unavailable when the device is not available
   * @throws IOException when results cannot be written
   * @throws RuntimeException what the listener threw, when all is saved
   */
  public Results run(Path folder, RunOptions options) throws IOException {
    ResultsFolder results = ResultsFolder.open(folder, Disk.local());
    Plan whole = plan();
    results.enter(whole).ifPresent(options.progress()::note);
    results.writePlan(whole, origin);
    Plan part = whole.only(options.only());
    Standings runs = Standings.of(whole, results);
    Standings asked = runs.in(part);
    List<PlannedRun> open = asked.open();
    ExecutionSpec execution = spec.execution();
    Engines.Choice choice =
        Engines.choose(open, options.device().orElse(execution.device()), execution.threads());
    if (!choice.note().isEmpty()) {
      options.progress().note(choice.note());
    }
    int jobs = options.jobs().or(execution::jobs).orElse(choice.defaultJobs(execution.threads()));
    if (MachineMemory.isSharedBy(choice.device())) {
      MachineMemory.here().shortage(open, jobs).ifPresent(options.progress()::note);
    }
    Execution here = new Execution(choice.engine(), jobs, options.interrupt(), options.progress());
    Execution chosen =
        options.isolated() && !choice.isNone()
            ? here.inProcesses(choice.device(), execution.threads())
            : here;
    Summary summary = chosen.run(part, asked);
    Map<String, StoredRun> stored = new LinkedHashMap<>(runs.stored());
    stored.putAll(summary.runs().stored());
    return new Results(whole, results, summary, stored, study(part, results, options));
  }

  /**
   * Makes what is missing of the studies, in this process, and removes what others left unfinished.
   *
   * @return what went wrong, a sentence each
   */
  private List<String> study(Plan plan, ResultsFolder results, RunOptions options)
      throws IOException {
    if (options.interrupt().requested()) {
      return List.of();
    }
    StudyWork.tidy(plan, results);
    if (!StudyWork.isOpen(plan, results)) {
      return List.of();
    }
    ExecutionSpec execution = spec.execution();
    Engines.Choice choice =
        Engines.choose(
            plan.runs(), options.device().orElse(execution.device()), execution.threads());
    int workers =
        options.jobs().or(execution::jobs).orElse(choice.defaultJobs(execution.threads()));
    Guarded progress = new Guarded(options.progress(), options.interrupt());
    List<String> troubles =
        new StudyWork(
                results,
                choice.engine().backends(),
                options.interrupt()::requested,
                listener(progress))
            .run(plan, workers);
    progress.rethrow();
    return troubles;
  }

  private static StudyListener listener(Progress progress) {
    return new StudyListener() {
      @Override
      public void studying(Map<String, Integer> parts, int atOnce) {
        progress.studying(parts, atOnce);
      }

      @Override
      public void studied(String study, String run, double seconds, String trouble) {
        progress.studied(study, run, seconds, trouble);
      }
    };
  }
}
