package dev.emergence.result;

import dev.emergence.plan.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether a folder may be worked in: one that is not there, an empty one, or one that this program
 * has made. In any other, files of the user's could be replaced.
 */
final class Ownership {
  private static final String TEMPORARY = ".new-";
  private static final String PROBE = "clock-";

  private Ownership() {}

  /**
   * @param resolved the folder's file of that name, whether it is there or not
   * @throws FolderUnusable naming what lies there, when the folder is not ours
   */
  static void require(Path root, ResolvedFile resolved) throws IOException {
    if (!Files.isDirectory(root)) {
      return;
    }
    List<String> others = new ArrayList<>();
    for (String name : names(root)) {
      if (!isRuns(root, name) && !name.contains(TEMPORARY) && !name.startsWith(PROBE)) {
        others.add(name);
      }
    }
    if (others.isEmpty() || hasPlan(root, resolved)) {
      return;
    }
    throw new FolderUnusable(
        root
            + " is no results folder: it holds "
            + some(others)
            + " and no "
            + ResolvedFile.NAME
            + "; nothing was written. Name an empty folder or a new one with --out");
  }

  /** Damaged or not: a plan that this program wrote, or parts of one beside runs of its own. */
  private static boolean hasPlan(Path root, ResolvedFile resolved) throws IOException {
    boolean runs = isRuns(root, PlanFiles.RUNS);
    boolean plan = Files.exists(root.resolve(PlanFiles.PLAN), LinkOption.NOFOLLOW_LINKS);
    try {
      return resolved.hasLayout() || (runs && plan);
    } catch (Damaged e) {
      return runs && plan;
    }
  }

  /** Whether this is a folder of runs as this program lays them out, or an empty one. */
  private static boolean isRuns(Path root, String name) throws IOException {
    Path runs = root.resolve(PlanFiles.RUNS);
    return name.equals(PlanFiles.RUNS)
        && Files.isDirectory(runs, LinkOption.NOFOLLOW_LINKS)
        && names(runs).stream().allMatch(RunId::isGroup);
  }

  private static List<String> names(Path folder) throws IOException {
    try (var paths = Files.list(folder)) {
      return paths.map(p -> p.getFileName().toString()).sorted().collect(Collectors.toList());
    }
  }

  private static String some(List<String> names) {
    int shown = Math.min(3, names.size());
    String rest = names.size() > shown ? " and " + (names.size() - shown) + " more" : "";
    return String.join(", ", names.subList(0, shown)) + rest;
  }
}
