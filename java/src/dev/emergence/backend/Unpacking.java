package dev.emergence.backend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Where native libraries are unpacked: below the home folder, or among the temporary files where
 * programs may not be run from the home's disk ({@code noexec}) or nothing can be written there.
 */
public final class Unpacking {
  private static final String PROPERTY = "org.bytedeco.javacpp.cachedir";
  private static final FileAttribute<?> MINE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private Unpacking() {}

  /** Decides the place, unless the user has. Called before anything is unpacked. */
  static void settle() {
    if (System.getProperty(PROPERTY) == null) {
      Path home = Path.of(System.getProperty("user.home"), ".javacpp", "cache");
      if (!runsFrom(home)) {
        other().ifPresent(folder -> System.setProperty(PROPERTY, folder.toString()));
      }
    }
  }

  /** Empty where no place is better: what fails then says what to do. */
  private static Optional<Path> other() {
    try {
      return Optional.of(temporary("emergence-libraries-")).filter(Unpacking::runsFrom);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether a file can be written into a folder and then be run. The folder is made. */
  static boolean runsFrom(Path folder) {
    try {
      Path file = Files.createTempFile(Files.createDirectories(folder), "runs", "", MINE);
      try {
        return Files.isExecutable(file); // false on a disk that is mounted noexec
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * A folder among the temporary ones that belongs to this user alone, the same at each start.
   *
   * @param name the start of its name
   * @throws IOException when it cannot be made
   */
  public static Path temporary(String name) throws IOException {
    Path all = Path.of(System.getProperty("java.io.tmpdir"));
    Object me = user(all);
    Path mine = all.resolve(name + me);
    if (!Files.exists(mine, LinkOption.NOFOLLOW_LINKS)) {
      return Files.createDirectory(mine, MINE);
    }
    boolean safe =
        Files.isDirectory(mine, LinkOption.NOFOLLOW_LINKS)
            && me.equals(Files.getAttribute(mine, "unix:uid", LinkOption.NOFOLLOW_LINKS));
    // Another user could have put libraries of their own there.
    return safe ? mine : Files.createTempDirectory(name, MINE);
  }

  /** The number of this user: that of a file that is made there. macOS has no /proc/self to ask. */
  private static Object user(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, "owner", "", MINE);
    try {
      return Files.getAttribute(file, "unix:uid");
    } finally {
      Files.delete(file);
    }
  }
}
