package dev.emergence.result;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The folder of an unfinished run. Another worker, who has taken this one for dead, may finish the
 * run and remove the folder at any moment.
 */
record Unfinished(Path folder, Disk disk) {

  /** Writes something into the folder; called again when the folder goes meanwhile. */
  @FunctionalInterface
  interface Writing {
    void write() throws IOException;
  }

  /** Makes the folder where it is gone, and writes into it. */
  void write(Writing content) throws IOException {
    try {
      disk.createDirectories(folder);
      content.write();
    } catch (NoSuchFileException e) {
      disk.createDirectories(folder);
      content.write();
    }
  }
}
