package dev.emergence.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** What must hold of a folder before it is read as results, or worked in. */
final class Opening {
  private Opening() {}

  /**
   * A folder to work in, made when there is none.
   *
   * @param first whether no other process has opened it for the same work
   * @throws FolderUnusable when it belongs to a newer version, is not ours, or cannot be written
   */
  static ResultsFolder toWork(Path root, Disk disk, boolean first) {
    try {
      if (Files.exists(root, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(root)) {
        throw new FolderUnusable(root + " is a file; choose another folder with --out");
      }
      Path runs = root.resolve(PlanFiles.RUNS);
      Inside.require(root, runs);
      ResolvedFile resolved = new ResolvedFile(root);
      if (first) {
        Ownership.require(root, resolved);
      }
      disk.createDirectories(runs);
      if (!Files.isWritable(root)) {
        throw new FolderUnusable(root + " cannot be written; choose another folder with --out");
      }
      Anchored anchored = new Anchored(disk, root, runs);
      resolved.requireKnownLayout();
      return new ResultsFolder(resolved, anchored, root);
    } catch (IOException e) {
      throw new FolderUnusable(FileTrouble.text(e) + "; choose another folder with --out", e);
    }
  }

  /**
   * A folder to read from.
   *
   * @throws FolderUnusable when it is not a results folder, or of a newer version
   */
  static ResultsFolder toRead(Path root) {
    requireAt(root);
    try {
      ResolvedFile resolved = new ResolvedFile(root);
      Anchored anchored = new Anchored(Disk.local(), root, root);
      resolved.requireKnownLayout();
      return new ResultsFolder(resolved, anchored, root);
    } catch (IOException e) {
      throw new FolderUnusable(FileTrouble.text(e), e);
    }
  }

  /**
   * @throws FolderUnusable when a folder is no results folder
   */
  static void requireAt(Path root) {
    if (Files.isRegularFile(root)) {
      throw new FolderUnusable(
          root + " is a file and no results folder; name the folder that `emergence run` printed");
    }
    if (!Files.isRegularFile(root.resolve(ResolvedFile.NAME), LinkOption.NOFOLLOW_LINKS)) {
      throw new FolderUnusable(
          root
              + " is no results folder: it has no "
              + ResolvedFile.NAME
              + "; name the folder that `emergence run` printed");
    }
  }
}
