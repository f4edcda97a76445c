package dev.emergence.result;

import dev.emergence.plan.Demand;
import dev.emergence.plan.Run;
import dev.emergence.spec.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One run on disk. While a worker trains it, {@code ID.partial} holds what is needed to continue
 * it. When it ends, the worker writes everything into a folder of its own and renames that folder
 * to {@code ID} in one step. Therefore {@code ID} is always complete, and it does no harm when two
 * workers compute the same run by mistake.
 *
 * <p>A continued run replaces the stored one, which is called {@code ID.old} for a moment. {@link
 * #recover} puts in order what a crash in that moment leaves behind.
 */
public final class RunFolder {
  private final String id;
  private final Path path;
  private final Disk disk;
  private Optional<String> replaces = Optional.empty();

  RunFolder(String id, Path parent, Disk disk) {
    this.id = id;
    this.path = parent.resolve(id);
    this.disk = disk;
  }

  /** The folder of the finished run, whether it is there yet or not. */
  public Path path() {
    return path;
  }

  /** The folder that it has while it is worked on. */
  public Path partial() {
    return path.resolveSibling(id + ".partial");
  }

  private Replacement replacement() {
    return new Replacement(path, disk);
  }

  /** Whether there is a folder of the finished run. It may be damaged. */
  public boolean exists() {
    return present(path);
  }

  /**
   * The finished run.
   *
   * @throws Damaged when a file is missing, or does not have the checksum that it was stored with
   */
  public StoredRun load() throws Damaged {
    Map<String, Object> result = RunFiles.result(path);
    Map<String, Object> config = RunFiles.tree(path, result, RunFiles.CONFIG);
    Curve curve = CurveFile.read(RunFiles.verified(path, result, RunFiles.CURVE));
    Run run = RunFiles.run(config, id);
    Curve whole = curve.withFamilies(Metrics.stored(run.config()));
    return new StoredRun(run, RunFiles.outcome(result), whole);
  }

  /** Whether the finished run was made for exactly these demands. */
  public boolean isFor(List<Demand> demands) throws Damaged {
    return RunFiles.isFor(path, id, demands);
  }

  /** Whether the finished run has a checkpoint, so that it can be trained further. */
  public boolean hasCheckpoint() {
    return present(path.resolve(RunFiles.CHECKPOINT));
  }

  /**
   * What continues the finished run.
   *
   * @throws Damaged when it is not what was written
   */
  public Optional<Safetensors> checkpoint() throws Damaged {
    Path file = path.resolve(RunFiles.CHECKPOINT);
    return present(file) ? Optional.of(Safetensors.read(file)) : Optional.empty();
  }

  /**
   * The finished run's attention patterns; none when none were asked for.
   *
   * @throws Damaged when they are not what was written
   */
  public List<Picture> pictures() throws Damaged {
    Path file = path.resolve(RunFiles.ATTENTION);
    return present(file) ? Pictures.of(Safetensors.read(file).tensors()) : List.of();
  }

  /** Whether patterns are kept, of the finished run or so far. */
  public boolean hasPictures() {
    return present(path.resolve(RunFiles.ATTENTION))
        || present(partial().resolve(RunFiles.ATTENTION));
  }

  /** Parameters at chosen steps, of the finished run and of the unfinished one. */
  public Weights weights() {
    return new Weights(path, partial(), disk);
  }

  /**
   * What computed the finished run.
   *
   * @throws Damaged when it is not what was written
   */
  public Map<String, Object> provenance() throws Damaged {
    return RunFiles.tree(path, RunFiles.result(path), RunFiles.PROVENANCE);
  }

  /**
   * Checks every file of the finished run.
   *
   * @throws Damaged naming the first that is not what was written
   */
  public void verify() throws Damaged {
    Map<String, Object> result = RunFiles.result(path);
    for (String file : RunFiles.files(result).keySet()) {
      RunFiles.verify(path, result, file);
    }
    load();
  }

  /** Whether another folder's finished run has the same curve and patterns, bit for bit. */
  public boolean hasSameNumbers(RunFolder other) {
    return RunFiles.numbers(path).equals(RunFiles.numbers(other.path));
  }

  /**
   * Makes the folder in which the run is worked on; one that is there already stays. The log of a
   * finished run is carried on.
   */
  public void begin() throws IOException {
    boolean fresh = !present(partial());
    replaces = Optional.of(version());
    disk.createDirectories(partial());
    if (fresh) {
      log().carryOn();
    }
  }

  /** Whether something lies where the unfinished run is kept that no worker has put there. */
  boolean isProgressForeign() throws IOException {
    if (!Files.isDirectory(partial(), LinkOption.NOFOLLOW_LINKS)) {
      return present(partial());
    }
    try (Stream<Path> files = Files.list(partial())) {
      return !files.allMatch(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS));
    }
  }

  /** Where the unfinished run's rows go for those who watch. */
  public LiveRows liveRows() {
    return new LiveRows(partial(), disk);
  }

  /** Follows the rows of the unfinished run. */
  public RunProgress follow() {
    return new RunProgress(partial());
  }

  /** Attention patterns of the unfinished run so far; none when they cannot be read. */
  public List<Picture> picturesSoFar() {
    try {
      return Pictures.of(Safetensors.read(partial().resolve(RunFiles.ATTENTION)).tensors());
    } catch (Damaged e) {
      return List.of();
    }
  }

  private RunLog log() {
    return new RunLog(path, partial(), disk);
  }

  /**
   * The last lines of the log, finished or not.
   *
   * @param bytes at most so many are read
   */
  public String logTail(int bytes) {
    return log().tail(bytes);
  }

  /** Adds a line for people to the unfinished run's log. */
  public void log(String line) throws IOException {
    log().add(line);
  }

  /**
   * Keeps what continues an unfinished run. At any moment the new one or the one before it is
   * whole.
   */
  public void saveProgress(Safetensors checkpoint) throws IOException {
    new Interim(partial(), disk).save(checkpoint);
  }

  /**
   * What continues an unfinished run: the last one kept, or the one before it where that is
   * damaged; empty where neither is whole.
   */
  public Optional<Safetensors> progress() {
    return new Interim(partial(), disk).read();
  }

  /**
   * Stores a run that has ended, in place of what lay there when {@link #begin} was called. Until
   * the rename the unfinished run can be continued.
   */
  public Completion complete(RunRecord run) throws IOException {
    if (replaces.isEmpty()) {
      begin();
    }
    RunWriter writer = new RunWriter(path, partial(), disk);
    Path fresh = writer.write(run);
    return version().equals(replaces.get()) || !exists()
        ? writer.put(fresh)
        : writer.compare(fresh);
  }

  /**
   * Stores that the finished run has failed when it was continued; all else that is stored stays.
   *
   * @throws Damaged when a file of it is not what was written; it stays as it is then
   */
  public void failed(Outcome outcome) throws IOException, Damaged {
    RunWriter writer = new RunWriter(path, partial(), disk);
    writer.put(writer.write(id, outcome));
  }

  /** Changes with the finished run, told without reading it; empty when there is none. */
  public String stamp() {
    return RunFiles.stamp(path).orElseGet(() -> exists() ? "no result" : "");
  }

  /** A text that changes with the finished run; empty when there is none. */
  public String version() {
    try {
      return exists() ? Checksum.of(Json.bytes(path.resolve(RunFiles.RESULT))) : "";
    } catch (Damaged e) {
      return "damaged";
    }
  }

  /**
   * Settles what a crash around the last renames has left. Only for the process that works on the
   * run.
   */
  public void recover() throws IOException {
    replacement().recover();
  }

  /** Whether something lies beside the finished run that a crash after its last rename has left. */
  public boolean hasLeftovers() {
    return present(partial())
        || replacement().isCutShort()
        || present(path.resolveSibling(id + ".claim"));
  }

  /**
   * Removes what a crash has left beside a finished run. Only for the process that has claimed it.
   */
  public void tidy() throws IOException {
    recover();
    if (exists()) {
      disk.delete(partial());
    }
  }

  /** How often a worker died over this run since it last came further. */
  public int deaths() {
    return new Deaths(partial(), disk).count();
  }

  /**
   * Counts a worker's death over this run.
   *
   * @param step how far the run has come; a death after progress is the first again
   */
  public void died(long step) throws IOException {
    begin();
    new Deaths(partial(), disk).add(step, Writer.PROCESS);
  }

  /** Counts from none again. */
  public void forgetDeaths() throws IOException {
    new Deaths(partial(), disk).forget();
  }

  private static boolean present(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }
}
