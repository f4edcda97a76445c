package dev.emergence.cli;

import dev.emergence.result.Damaged;
import dev.emergence.result.Disk;
import dev.emergence.result.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A folder that exports go to. A list in it says which files are ours, so that a later export
 * replaces those, and no others. While files are written, their names are added to a second file, a
 * line each, because the whole list is too long to be written once for each of very many files.
 */
final class Exported implements AutoCloseable {
  private static final String LIST = ".emergence-export.json";
  private static final String ADDED = ".emergence-export.added";
  private final Path folder;
  private final Disk disk = Disk.local();
  private final Set<String> ours = new TreeSet<>();
  private final boolean whole;
  private int written;

  /**
   * @param whole whether the folder is ours as a whole, as one inside a results folder is
   */
  Exported(Path folder, boolean whole) {
    this.folder = folder;
    this.whole = whole;
    listed();
    added();
  }

  private void listed() {
    try {
      if (Json.read(folder.resolve(LIST)).get("files") instanceof List<?> names) {
        names.forEach(name -> ours.add(String.valueOf(name)));
      }
    } catch (Damaged e) {
      // The first export, or a list that cannot be read: nothing is taken for ours.
      return;
    }
  }

  /** What an export has written that was cut short. */
  private void added() {
    Path added = folder.resolve(ADDED);
    try {
      if (Files.isRegularFile(added, LinkOption.NOFOLLOW_LINKS)) {
        ours.addAll(Files.readAllLines(added, StandardCharsets.UTF_8));
        ours.remove("");
      }
    } catch (IOException e) {
      // As of a list that cannot be read.
      return;
    }
  }

  int written() {
    return written;
  }

  /**
   * Writes a file.
   *
   * @throws Refusal when one of this name is there that is not ours
   */
  void write(String name, Disk.Content content) throws IOException {
    Path file = folder.resolve(name);
    if (!whole && !ours.contains(name) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new Refusal(
          ExitCode.FOLDER_UNUSABLE,
          file + " is there already and no export of ours; name another folder with --to");
    }
    disk.createDirectories(folder);
    written++;
    // First its name: a file that is written is ours whatever happens next.
    if (ours.add(name)) {
      // On a line of its own, whatever was cut short before.
      disk.append(folder.resolve(ADDED), ("\n" + name).getBytes(StandardCharsets.UTF_8));
    }
    put(name, content);
  }

  /** Puts the names of all files that were written into the list. */
  @Override
  public void close() throws IOException {
    if (Files.exists(folder.resolve(ADDED), LinkOption.NOFOLLOW_LINKS)) {
      put(LIST, Disk.Content.of(list()));
      disk.delete(folder.resolve(ADDED));
    }
  }

  private void put(String name, Disk.Content content) throws IOException {
    Path fresh = folder.resolve(name + ".new-" + ProcessHandle.current().pid());
    disk.write(fresh, content);
    disk.move(fresh, folder.resolve(name));
  }

  private byte[] list() {
    return Json.pretty(Map.of("files", List.copyOf(ours))).getBytes(StandardCharsets.UTF_8);
  }
}
