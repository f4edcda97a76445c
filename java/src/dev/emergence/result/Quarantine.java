package dev.emergence.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The folder {@code quarantine/} of a results folder: what lay in the way, each with the reason in
 * a text beside it. Nothing in it is ever deleted.
 *
 * @param root the results folder
 */
record Quarantine(Path root, Disk disk) {

  /**
   * Puts something aside.
   *
   * @param name that it gets, followed by the first number that is free
   * @return where it lies now
   */
  Path put(Path what, String name, String reason) throws IOException {
    Path folder = root.resolve("quarantine");
    Inside.require(root, folder);
    disk.createDirectories(folder);
    int n = 1;
    while (Files.exists(folder.resolve(name + "-" + n), LinkOption.NOFOLLOW_LINKS)) {
      n++;
    }
    Path to = folder.resolve(name + "-" + n);
    disk.write(folder.resolve(name + "-" + n + ".txt"), RunFiles.text(reason + "\n"));
    disk.move(what, to);
    disk.force(folder);
    return to;
  }
}
