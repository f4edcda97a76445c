package dev.emergence.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * The renames by which a finished run gets its place, {@code ID}: from {@code ID.new-WRITER}, where
 * a worker writes all of it, while what lay there is called {@code ID.old}. {@link RunFolder} says
 * why.
 *
 * @param place of the finished run; its name is the run's id
 */
record Replacement(Path place, Disk disk) {
  /** Folders of writers that are older than this belong to none that lives. */
  private static final Duration LEFTOVER = Duration.ofHours(1);

  private Path beside(String end) {
    return place.resolveSibling(place.getFileName() + end);
  }

  /** Where this process writes a run that has ended. */
  Path fresh() {
    return beside(".new-" + Writer.PROCESS);
  }

  private Path old() {
    return beside(".old");
  }

  /** Puts what was written in place of what lies there. */
  void put(Path fresh) throws IOException {
    if (present(place)) {
      disk.delete(old());
      disk.move(place, old());
    }
    disk.move(fresh, place);
    disk.force(place.getParent());
    disk.delete(old());
  }

  /** Keeps what was written as {@code ID.differs}; what lies in the place stays. */
  void putBeside(Path fresh) throws IOException {
    disk.delete(beside(".differs"));
    disk.move(fresh, beside(".differs"));
  }

  /** Whether a crash after the last rename has left the run that was replaced. */
  boolean isCutShort() {
    return present(old());
  }

  /**
   * Settles what a crash around the renames has left. Only for the process that works on the run.
   */
  void recover() throws IOException {
    if (!present(place) && present(old())) {
      disk.move(old(), place);
      disk.force(place.getParent());
    }
    disk.delete(old());
    removeLeftovers();
  }

  /** Removes what writers that died have left; a living one's folder is younger. */
  private void removeLeftovers() throws IOException {
    if (!Files.isDirectory(place.getParent())) {
      return;
    }
    String names = place.getFileName() + ".new-*";
    try (var entries = Files.newDirectoryStream(place.getParent(), names)) {
      for (Path entry : entries) {
        if (Files.getLastModifiedTime(entry).toInstant().isBefore(Instant.now().minus(LEFTOVER))) {
          disk.delete(entry);
        }
      }
    }
  }

  private static boolean present(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }
}
