package dev.emergence.result;

import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.RunId;
import dev.emergence.spec.ExperimentSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An experiment's results on disk. {@code runs/} is the truth, written run by run; {@code
 * resolved.json} is the experiment as understood; tables, plots and report are derived and may be
 * thrown away.
 */
public final class ResultsFolder {
  /** Number of the folder's layout; a folder of a newer one is refused. */
  public static final int LAYOUT = 1;

  private static final String RESOLVED = ResolvedFile.NAME;
  private static final String RUNS = PlanFiles.RUNS;

  private final Path root;
  private final ResolvedFile resolved;
  private final Anchored disk;
  private final Path out;
  private final Quarantine quarantine;
  private final Derived derived;

  /** See {@link Opening}. */
  ResultsFolder(ResolvedFile resolved, Anchored disk, Path out) {
    this.resolved = resolved;
    this.root = resolved.root();
    this.disk = disk;
    this.out = out;
    this.quarantine = new Quarantine(root, disk);
    this.derived = new Derived(out, disk, quarantine);
  }

  /** The same results, of which derived files are written to another folder. */
  public ResultsFolder derivedIn(Path other) throws IOException {
    return new ResultsFolder(resolved, new Anchored(Disk.local(), other, other), other);
  }

  /** Where derived files lie: usually this folder. */
  public Path derived() {
    return out;
  }

  /**
   * A folder to work in, made when there is none.
   *
   * @throws FolderUnusable when it belongs to a newer version, is not ours, or cannot be written
   */
  public static ResultsFolder open(Path root, Disk disk) {
    return Opening.toWork(root, disk, true);
  }

  /**
   * A folder that another process has opened, to help with its work.
   *
   * @throws FolderUnusable as {@link #open}
   */
  public static ResultsFolder join(Path root, Disk disk) {
    return Opening.toWork(root, disk, false);
  }

  /** Whether a folder looks like one that {@link #read} reads. */
  public static boolean isAt(Path root) {
    return Files.isRegularFile(root.resolve(RESOLVED));
  }

  /**
   * A folder to read from.
   *
   * @throws FolderUnusable when it is not a results folder, or of a newer version
   */
  public static ResultsFolder read(Path root) {
    return Opening.toRead(root);
  }

  /**
   * @throws FolderUnusable when a folder is no results folder
   */
  public static void requireAt(Path root) {
    Opening.requireAt(root);
  }

  /**
   * Makes the folder that of a plan, before it is written down.
   *
   * @return a sentence for people when finished runs are there that the plan does not ask for
   * @throws FolderUnusable when another experiment is at work in it
   */
  public Optional<String> enter(Plan plan) throws IOException {
    return new Tenancy(this).enter(plan);
  }

  /**
   * @throws FolderUnusable when the folder is that of another experiment, which has no run of the
   *     plan
   */
  public void requireKin(Plan plan) {
    new Tenancy(this).requireKin(plan);
  }

  /**
   * @throws FolderUnusable when another command has made the folder that of another experiment
   */
  public void requireTenancy(ExperimentSpec experiment) {
    new Tenancy(this).require(experiment);
  }

  /**
   * @throws FolderGone when it is not where it was opened
   */
  public void requireThere() throws FolderGone {
    disk.require();
  }

  /**
   * Finds out what a missing file means.
   *
   * @param missing a file of this folder that was there before
   * @return {@code missing}, when the folder stays where it is
   * @throws FolderGone when it is gone, or goes in the next half second
   */
  public NoSuchFileException explain(NoSuchFileException missing) throws FolderGone {
    disk.requireToStay();
    return missing;
  }

  /** Where it lies. */
  public Path root() {
    return root;
  }

  /**
   * Refuses to go on when the disk is about to be full, before anything is written.
   *
   * @param bytes of the largest file that is about to be written
   * @throws DiskFull when less than three such files and 64 MiB are free
   */
  public void requireSpace(long bytes) throws IOException {
    disk.requireSpace(bytes);
  }

  Disk disk() {
    return disk;
  }

  /**
   * One run's place, whether or not there is anything.
   *
   * @throws IllegalArgumentException when it is no run id
   */
  public RunFolder run(String id) {
    if (!RunId.isId(id)) {
      throw new IllegalArgumentException(
          "a run id has " + RunId.DIGITS + " hex digits, got '" + id + "'");
    }
    return new RunFolder(id, root.resolve(RUNS).resolve(id.substring(0, 2)), disk);
  }

  /** What a study has found. */
  public StudyFolder study(String name) {
    return new StudyFolder(root, name, disk);
  }

  /** The file that says who works on a run, or on what a study finds in one. */
  Path claim(String id) {
    return RunId.isId(id)
        ? run(id).path().resolveSibling(id + ".claim")
        : root.resolve(id + ".claim");
  }

  /** The runs that are stored or worked on, damaged ones too, sorted by id. */
  public List<String> ids() {
    return new StoredIds(root).all();
  }

  /**
   * Ids of runs of which anything lies in the folder: a result, something unfinished, a claim. What
   * cannot be listed now is left out.
   */
  public Set<String> begun() {
    return new StoredIds(root).begun();
  }

  /**
   * A finished run, when there is one.
   *
   * @throws Damaged when there is something else in its place
   */
  public Optional<StoredRun> load(String id) throws Damaged {
    RunFolder folder = run(id);
    return folder.exists() ? Optional.of(folder.load()) : Optional.empty();
  }

  /** The finished runs of a plan by id; missing and damaged ones are left out. */
  public Map<String, StoredRun> load(Plan plan) {
    Map<String, StoredRun> out = new LinkedHashMap<>();
    for (PlannedRun run : plan.runs()) {
      try {
        load(run.id()).ifPresent(stored -> out.put(run.id(), stored));
      } catch (Damaged e) {
        continue;
      }
    }
    return out;
  }

  /**
   * Writes down what is to be done: {@code experiment.yaml}, which gives the same runs by itself,
   * and {@code given.yaml}, the file as it was given, where that does not.
   */
  public void writePlan(Plan plan, Origin origin) throws IOException {
    // First what makes the folder ours, should this be cut short.
    writeDerived(RESOLVED, ResolvedFile.content(plan.experiment(), origin));
    writeDerived(PlanFiles.PLAN, PlanFiles.lines(plan));
    writeDerived(PlanFiles.EXPERIMENT, RunFiles.text(origin.whole()));
    if (origin.whole().equals(origin.text())) {
      disk.delete(root.resolve(PlanFiles.GIVEN));
    } else {
      writeDerived(PlanFiles.GIVEN, RunFiles.text(origin.text()));
    }
  }

  /**
   * What was put on top of the file when the folder was last run, such as {@code --set task.dim=2};
   * empty when nothing was, or when it is not known.
   */
  public String options() {
    return resolved.options();
  }

  /**
   * The experiment as understood when it was last run.
   *
   * @throws FolderUnusable when it cannot be read
   */
  public ExperimentSpec experiment() {
    return resolved.experiment();
  }

  /**
   * Writes a derived file in one step.
   *
   * @param name relative to the folder, such as {@code tables/runs.csv}
   */
  public void writeDerived(String name, Disk.Content content) throws IOException {
    derived.write(name, content);
  }

  /** Writes two derived files whose contents are made together, each in one step. */
  public void writeDerived(String first, String second, Disk.Contents contents) throws IOException {
    derived.write(first, one -> derived.write(second, other -> contents.to(one, other)));
  }

  /**
   * Removes derived files that earlier commands have written below a folder, such as {@code
   * plots/}, and this one has not: nothing produces them any more.
   */
  public void removeStale(String below) throws IOException {
    derived.removeStale(below);
  }

  /**
   * Puts aside what lies in a run's place, with the reason beside it; nothing is ever deleted.
   *
   * @return where it lies now
   */
  public Path quarantine(String id, String reason) throws IOException {
    return quarantine.put(run(id).path(), id, reason);
  }

  /**
   * Puts aside what lies where a run is worked on, when no worker can have put it there. Only for
   * the process that has claimed the run.
   *
   * @return where it lies now; empty when nothing was wrong
   */
  public Optional<Path> quarantineProgress(String id) throws IOException {
    return run(id).isProgressForeign()
        ? Optional.of(quarantine.put(run(id).partial(), id + ".partial", "not written by a worker"))
        : Optional.empty();
  }
}
