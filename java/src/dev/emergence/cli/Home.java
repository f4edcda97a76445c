package dev.emergence.cli;

import dev.emergence.backend.Unpacking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
        System.setProperty(PROPERTY, Unpacking.temporary("emergence-home-").toString());
      } catch (IOException e) {
        // What needs it says so, with the place.
        return;
      }
    }
  }
}
