package dev.emergence.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The user's home folder, where native libraries are unpacked and measurements are kept. A user
 * without one (a number that no table of users names) gets a folder of its own among the temporary
 * ones; the virtual machine would take a folder named {@code ?} in the current one.
 */
final class Home {
  private static final String PROPERTY = "user.home";

  private Home() {}

  /** Makes sure that there is one. Called before anything uses it. */
  static void settle() {
    String home = System.getProperty(PROPERTY, "?");
    if (home.isEmpty() || home.equals("?") || !Files.isDirectory(Path.of(home))) {
      try {
        System.setProperty(PROPERTY, temporary().toString());
      } catch (IOException e) {
        // What needs it says so, with the place.
        return;
      }
    }
  }

  private static Path temporary() throws IOException {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    Object me = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    Path mine = folder.resolve("emergence-home-" + me);
    var onlyMine =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    if (!Files.exists(mine, LinkOption.NOFOLLOW_LINKS)) {
      return Files.createDirectory(mine, onlyMine);
    }
    boolean safe =
        Files.isDirectory(mine, LinkOption.NOFOLLOW_LINKS)
            && me.equals(Files.getAttribute(mine, "unix:uid", LinkOption.NOFOLLOW_LINKS));
    // Another user could have put libraries of their own there.
    return safe ? mine : Files.createTempDirectory("emergence-home-", onlyMine);
  }
}
