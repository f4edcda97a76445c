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
 * Which files of a results folder were derived from its runs, in {@code derived.json}: what an
 * entry of the experiment file once produced goes when no entry produces it any more. Files that
 * this program has not written are never removed. Thread-safe.
 */
final class Derived {
  static final String NAME = "derived.json";
  private static final String FILES = "files";

  private final Path root;
  private final Disk disk;
  private final Set<String> written = new ConcurrentSkipListSet<>();

  Derived(Path root, Disk disk) {
    this.root = root;
    this.disk = disk;
  }

  /**
   * A file was written.
   *
   * @param name relative to the folder
   */
  void wrote(String name) {
    written.add(name);
  }

  /**
   * Removes what an earlier command has written and this one has not, and keeps a list of the rest.
   *
   * @param folder such as {@code plots/}
   */
  synchronized void removeStale(String folder) throws IOException {
    Set<String> kept = new TreeSet<>(before());
    for (String name : before()) {
      if (name.startsWith(folder) && !written.contains(name)) {
        remove(name);
        kept.remove(name);
      }
    }
    written.stream().filter(name -> name.startsWith(folder)).forEach(kept::add);
    Path fresh = root.resolve(NAME + ".new-" + RunFolder.writingThread());
    try {
      disk.write(fresh, RunFiles.text(Json.pretty(Map.of(FILES, List.copyOf(kept)))));
      disk.move(fresh, root.resolve(NAME));
    } catch (IOException e) {
      disk.delete(fresh);
      throw e;
    }
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
