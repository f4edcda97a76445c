package dev.emergence.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Stores a run that has ended: all its files in a fresh folder, with their checksums in the last
 * one, and then one rename.
 */
final class RunWriter {
  private final Path finished;
  private final Path partial;
  private final Disk disk;
  private final Replacement replacement;

  /**
   * @param finished where the run is to lie
   * @param partial where it was worked on
   */
  RunWriter(Path finished, Path partial, Disk disk) {
    this.finished = finished;
    this.partial = partial;
    this.disk = disk;
    this.replacement = new Replacement(finished, disk);
  }

  /**
   * Writes the run beside its place.
   *
   * @return the folder, whole
   */
  Path write(RunRecord run) throws IOException {
    Path fresh = replacement.fresh();
    try {
      write(run, fresh);
      return fresh;
    } catch (IOException e) {
      // Frees what a full disk needs most; what was saved before stays.
      disk.delete(fresh);
      throw e;
    }
  }

  private void write(RunRecord run, Path fresh) throws IOException {
    disk.createDirectories(fresh);
    Map<String, Disk.Content> contents = RunFiles.contents(run);
    run.checkpoint().ifPresent(c -> contents.put(RunFiles.CHECKPOINT, c.content()));
    contents.putAll(new Weights(finished, partial, disk).contents(run.weights()));
    Map<String, Object> checksums = new LinkedHashMap<>();
    for (Map.Entry<String, Disk.Content> file : contents.entrySet()) {
      disk.write(fresh.resolve(file.getKey()), file.getValue());
      checksums.put(file.getKey(), Checksum.of(file.getValue()));
    }
    end(fresh, RunFiles.result(run.run().id(), run.outcome(), checksums));
  }

  private void end(Path fresh, Disk.Content result) throws IOException {
    new RunLog(finished, partial, disk).copyTo(fresh);
    disk.write(fresh.resolve(RunFiles.RESULT), result);
    disk.force(fresh);
  }

  /**
   * Writes the finished run once more beside its place, as one that has ended otherwise.
   *
   * @return the folder, whole
   * @throws Damaged when a file of it is not what was written
   */
  Path write(String run, Outcome outcome) throws IOException, Damaged {
    Map<String, Object> result = RunFiles.result(finished);
    Map<String, Object> checksums = RunFiles.files(result);
    Path fresh = replacement.fresh();
    try {
      disk.createDirectories(fresh);
      for (String name : checksums.keySet()) {
        RunFiles.verify(finished, result, name);
        disk.write(fresh.resolve(name), to -> Files.copy(finished.resolve(name), to));
      }
      end(fresh, RunFiles.result(run, outcome, checksums));
      return fresh;
    } catch (IOException | Damaged e) {
      disk.delete(fresh);
      throw e;
    }
  }

  /** Puts it in its place. */
  Completion put(Path fresh) throws IOException {
    replacement.put(fresh);
    disk.delete(partial);
    return Completion.STORED;
  }

  /** Leaves in its place what another worker has put there meanwhile. */
  Completion compare(Path fresh) throws IOException {
    if (RunFiles.numbers(finished).equals(RunFiles.numbers(fresh))) {
      disk.delete(fresh);
      disk.delete(partial);
      return Completion.SAME_BITS;
    }
    replacement.putBeside(fresh);
    return Completion.OTHER_BITS;
  }
}
