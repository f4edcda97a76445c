package dev.emergence.result;

import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps what is written inside a folder: a link in it could lead anywhere. */
final class Inside {
  private Inside() {}

  /**
   * Refuses a place that is reached over a link.
   *
   * @param root may itself be a link: people choose it
   * @param place under it; what is not there yet is no link
   */
  static void require(Path root, Path place) {
    Path at = root;
    for (Path name : root.relativize(place)) {
      at = at.resolve(name);
      // The root's own relative path is one empty name.
      if (!name.toString().isEmpty() && Files.isSymbolicLink(at)) {
        throw new FolderUnusable(
            at
                + " is a link, and results are not written through links; put a folder in its"
                + " place, or name another results folder with --out");
      }
    }
  }
}
