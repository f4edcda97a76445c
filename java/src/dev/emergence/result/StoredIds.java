package dev.emergence.result;

import dev.emergence.plan.RunId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which runs have something in {@code runs/}, told by the names of files and folders alone.
 *
 * @param root the results folder
 */
record StoredIds(Path root) {
  private static final String CLAIM = ".claim";

  private Path runs() {
    return root.resolve(PlanFiles.RUNS);
  }

  /** The runs that are stored or worked on, damaged ones too, sorted by id. */
  List<String> all() {
    List<String> out = new ArrayList<>();
    try (var groups = Files.newDirectoryStream(runs())) {
      for (Path group : groups) {
        if (Files.isDirectory(group, LinkOption.NOFOLLOW_LINKS)) {
          addOf(group, out);
        }
      }
    } catch (IOException e) {
      throw new FolderUnusable(root + " cannot be read: " + e, e);
    }
    return out.stream().sorted().distinct().toList();
  }

  private static void addOf(Path group, List<String> out) throws IOException {
    try (var entries = Files.newDirectoryStream(group)) {
      for (Path entry : entries) {
        String id = entry.getFileName().toString().replaceFirst("\\.partial$", "");
        if (RunId.isId(id)) {
          out.add(id);
        }
      }
    }
  }

  /** Those of which anything lies in the folder; what cannot be listed now is left out. */
  Set<String> begun() {
    Set<String> out = new HashSet<>();
    try (var groups = Files.newDirectoryStream(runs())) {
      for (Path group : groups) {
        try (var entries = Files.newDirectoryStream(group)) {
          entries.forEach(e -> out.add(e.getFileName().toString().replaceFirst("\\..*", "")));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return out;
    }
    return out;
  }

  /** Those that a worker has claimed; it may be dead. */
  Set<String> claimed() throws IOException {
    Set<String> out = new LinkedHashSet<>();
    try (var groups = Files.newDirectoryStream(runs())) {
      for (Path group : groups) {
        if (RunId.isGroup(group.getFileName().toString()) && Files.isDirectory(group)) {
          try (var claims = Files.newDirectoryStream(group, "*" + CLAIM)) {
            claims.forEach(c -> out.add(c.getFileName().toString().replace(CLAIM, "")));
          }
        }
      }
    }
    out.removeIf(id -> !RunId.isId(id));
    return out;
  }
}
