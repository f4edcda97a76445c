package dev.emergence.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What continues an unfinished run: a checkpoint and the one before it, of which one is whole at
 * any moment.
 *
 * @param folder the unfinished run's
 */
record Interim(Path folder, Disk disk) {
  private static final String PREVIOUS = RunFiles.CHECKPOINT + ".prev";

  void save(Safetensors checkpoint) throws IOException {
    new Unfinished(folder, disk).write(() -> write(checkpoint));
  }

  private void write(Safetensors checkpoint) throws IOException {
    Path current = folder.resolve(RunFiles.CHECKPOINT);
    Path fresh = folder.resolve(RunFiles.CHECKPOINT + "." + Writer.PROCESS);
    disk.write(fresh, checkpoint.content());
    if (Files.exists(current, LinkOption.NOFOLLOW_LINKS)) {
      keep(current);
    }
    disk.move(fresh, current);
    disk.force(folder);
  }

  private void keep(Path current) throws IOException {
    try {
      disk.move(current, folder.resolve(PREVIOUS));
    } catch (NoSuchFileException e) {
      // A second worker at the same run was quicker.
      return;
    }
  }

  Optional<Safetensors> read() {
    for (String name : List.of(RunFiles.CHECKPOINT, PREVIOUS)) {
      try {
        return Optional.of(Safetensors.read(folder.resolve(name)));
      } catch (Damaged e) {
        continue;
      }
    }
    return Optional.empty();
  }
}
