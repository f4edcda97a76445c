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
 * replaces those, and no others.
 */
final class Exported {
  private static final String LIST = ".emergence-export.json";
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
    try {
      if (Json.read(folder.resolve(LIST)).get("files") instanceof List<?> names) {
        names.forEach(name -> ours.add(String.valueOf(name)));
      }
    } catch (Damaged e) {
      // The first export, or a list that cannot be read: nothing is taken for ours.
      ours.clear();
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
    ours.add(name);
    written++;
    // First the list: a file that is written is ours whatever happens next.
    put(LIST, Disk.Content.of(list()));
    put(name, content);
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
