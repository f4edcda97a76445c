package dev.emergence.result;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run on disk. While it is worked on it is {@code ID.partial}; when it ends that folder is renamed to {@code ID} in one step, so
 * {@code ID} is always whole.
 *
 * <p>A run that is continued has both. While the new one takes the old one's place, the old one is {@code ID.old} for a moment;
 * {@link #recover} settles what a crash in that moment leaves.
 */
public final class RunFolder {
  private static final String PREVIOUS = RunFiles.CHECKPOINT + ".prev";
  private static final String FRESH = RunFiles.CHECKPOINT + ".new";

  private final String id;
  private final Path path;
  private final Disk disk;

  RunFolder(String id, Path parent, Disk disk) {
    this.id = id;
    this.path = parent.resolve(id);
    this.disk = disk;
  }

  /** Where the finished run lies, or will. */
  public Path path() {
    return path;
  }

  /** Where it is worked on. */
  public Path partial() {
    return path.resolveSibling(id + ".partial");
  }

  private Path old() {
    return path.resolveSibling(id + ".old");
  }

  /** Whether there is anything under the run's name; it may be damaged. */
  public boolean exists() {
    return present(path);
  }

  /** The finished run. @throws Damaged when anything that is read is not what was written */
  public StoredRun load() throws Damaged {
    Map<String, Object> result = RunFiles.result(path);
    RunFiles.verify(path, result, RunFiles.CONFIG);
    RunFiles.verify(path, result, RunFiles.CURVE);
    Curve curve = CurveFile.read(Json.bytes(path.resolve(RunFiles.CURVE)));
    return new StoredRun(RunFiles.run(path, id), RunFiles.outcome(result), curve);
  }

  /** What continues the finished run. @throws Damaged when it is not what was written */
  public Optional<Safetensors> checkpoint() throws Damaged {
    Path file = path.resolve(RunFiles.CHECKPOINT);
    return present(file) ? Optional.of(Safetensors.read(file)) : Optional.empty();
  }

  /** The finished run's attention patterns; none when none were asked for. @throws Damaged when they are not what was written */
  public List<Picture> pictures() throws Damaged {
    Path file = path.resolve(RunFiles.ATTENTION);
    return present(file) ? Pictures.of(Safetensors.read(file).tensors()) : List.of();
  }

  /** What computed the finished run. @throws Damaged when it is not what was written */
  public Map<String, Object> provenance() throws Damaged {
    return Json.read(path.resolve(RunFiles.PROVENANCE));
  }

  /** Checks every file of the finished run. @throws Damaged naming the first that is not what was written */
  public void verify() throws Damaged {
    Map<String, Object> result = RunFiles.result(path);
    for (String file : RunFiles.files(result).keySet()) {
      RunFiles.verify(path, result, file);
    }
    load();
  }

  /** Makes the folder in which the run is worked on; one that is there already stays. The log of a finished run is carried on. */
  public void begin() throws IOException {
    Path log = path.resolve(RunFiles.LOG);
    boolean fresh = !present(partial());
    disk.createDirectories(partial());
    if (fresh && Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS)) {
      disk.append(partial().resolve(RunFiles.LOG), Files.readAllBytes(log));
    }
  }

  /** Adds a line for people to the unfinished run's log. */
  public void log(String line) throws IOException {
    disk.append(partial().resolve(RunFiles.LOG), (line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Keeps what continues an unfinished run. At any moment the new one or the one before it is whole. */
  public void saveProgress(Safetensors checkpoint) throws IOException {
    Path current = partial().resolve(RunFiles.CHECKPOINT);
    disk.write(partial().resolve(FRESH), checkpoint.content());
    if (present(current)) {
      disk.move(current, partial().resolve(PREVIOUS));
    }
    disk.move(partial().resolve(FRESH), current);
    disk.force(partial());
  }

  /** What continues an unfinished run: the last one kept, or the one before it where that is damaged; empty where neither is whole. */
  public Optional<Safetensors> progress() {
    for (String name : List.of(RunFiles.CHECKPOINT, PREVIOUS)) {
      try {
        return Optional.of(Safetensors.read(partial().resolve(name)));
      } catch (Damaged e) {
        continue;
      }
    }
    return Optional.empty();
  }

  /** Stores a run that has ended, in place of what was stored before. Until the last rename the unfinished run can be continued. */
  public void complete(RunRecord run) throws IOException {
    begin();
    Map<String, Object> checksums = new LinkedHashMap<>();
    for (Map.Entry<String, Disk.Content> file : RunFiles.contents(run).entrySet()) {
      disk.write(partial().resolve(file.getKey()), file.getValue());
      checksums.put(file.getKey(), Checksum.of(file.getValue()));
    }
    if (run.checkpoint().isPresent()) {
      saveProgress(run.checkpoint().get());
      checksums.put(RunFiles.CHECKPOINT, Checksum.of(run.checkpoint().get().content()));
    } else {
      disk.delete(partial().resolve(RunFiles.CHECKPOINT));
    }
    disk.delete(partial().resolve(PREVIOUS));
    disk.write(partial().resolve(RunFiles.RESULT), RunFiles.result(run, checksums));
    disk.force(partial());
    swap();
  }

  private void swap() throws IOException {
    if (exists()) {
      disk.delete(old());
      disk.move(path, old());
    }
    disk.move(partial(), path);
    disk.force(path.getParent());
    disk.delete(old());
  }

  /** Settles what a crash around the last renames has left. Only for the process that works on the run. */
  public void recover() throws IOException {
    if (!exists() && (present(old()) || whole(partial()))) {
      disk.move(whole(partial()) ? partial() : old(), path);
      disk.force(path.getParent());
    }
    disk.delete(old());
  }

  private static boolean whole(Path folder) {
    try {
      RunFiles.result(folder);
      return true;
    } catch (Damaged e) {
      return false;
    }
  }

  private static boolean present(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }
}
