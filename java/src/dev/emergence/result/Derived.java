package dev.emergence.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The files that are derived from a results folder's runs: tables, plots, report. {@code
 * derived.json} lists them, because what an entry of the experiment file once produced goes when no
 * entry produces it any more. Files that this program has not written are never removed.
 * Thread-safe.
 */
final class Derived {
  private static final String NAME = "derived.json";
  private static final String FILES = "files";

  private final Path root;
  private final Disk disk;
  private final Quarantine quarantine;
  private final Set<String> written = new ConcurrentSkipListSet<>();

  /**
   * @param root where they lie: usually the results folder itself
   * @param quarantine for folders that lie where one of them is written
   */
  Derived(Path root, Disk disk, Quarantine quarantine) {
    this.root = root;
    this.disk = disk;
    this.quarantine = quarantine;
  }

  /**
   * Writes a file in one step.
   *
   * @param name relative to the folder
   */
  void write(String name, Disk.Content content) throws IOException {
    requireWritable();
    Path file = root.resolve(name);
    Inside.require(root, file.getParent());
    disk.createDirectories(file.getParent());
    makeRoom(name);
    replace(file, content);
    written.add(name);
  }

  private void requireWritable() {
    if (Files.isDirectory(root) && !Files.isWritable(root)) {
      throw new FolderUnusable(
          root
              + " cannot be written; `emergence export "
              + root
              + " --to DIR` writes tables and figures to another folder");
    }
  }

  private void makeRoom(String name) throws IOException {
    Path file = root.resolve(name);
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      quarantine.put(file, name.replace('/', '-'), "a folder lay where " + name + " is written");
    }
  }

  private void replace(Path file, Disk.Content content) throws IOException {
    // Two commands, or threads of one, may work on the folder: names of its own until the last
    // step.
    Path fresh = file.resolveSibling(file.getFileName() + ".new-" + Writer.thread());
    try {
      disk.write(fresh, content);
      disk.move(fresh, file);
    } catch (IOException e) {
      disk.delete(fresh);
      throw e;
    }
  }

  /**
   * Removes what an earlier command has written and this one has not, and keeps a list of the rest.
   *
   * @param folder such as {@code plots/}
   */
  synchronized void removeStale(String folder) throws IOException {
    requireWritable();
    makeRoom(NAME);
    Set<String> kept = new TreeSet<>(before());
    for (String name : before()) {
      if (name.startsWith(folder) && !written.contains(name)) {
        remove(name);
        kept.remove(name);
      }
    }
    written.stream().filter(name -> name.startsWith(folder)).forEach(kept::add);
    replace(root.resolve(NAME), RunFiles.text(Json.pretty(Map.of(FILES, List.copyOf(kept)))));
  }

  private void remove(String name) throws IOException {
    Path file = root.resolve(name).normalize();
    boolean plain = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    if (file.startsWith(root.normalize()) && plain) {
      Inside.require(root, file.getParent());
      disk.delete(file);
    }
  }

  private Set<String> before() {
    try {
      Set<String> out = new TreeSet<>();
      if (Json.read(root.resolve(NAME)).get(FILES) instanceof List<?> names) {
        names.forEach(name -> out.add(String.valueOf(name)));
      }
      return out;
    } catch (Damaged e) {
      return Set.of();
    }
  }
}
