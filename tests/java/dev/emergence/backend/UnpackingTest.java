package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries go to a folder from which they can be loaded. */
class UnpackingTest {
  private static final String FOLDER = "org.bytedeco.javacpp.cachedir";

  private final Map<String, String> before = new TreeMap<>();

  @TempDir Path temp;

  @BeforeEach
  void settings() throws IOException {
    for (String name : new String[] {FOLDER, "user.home", "java.io.tmpdir"}) {
      before.put(name, System.getProperty(name, ""));
    }
    System.clearProperty(FOLDER);
    System.setProperty("user.home", temp.resolve("home").toString());
    System.setProperty("java.io.tmpdir", Files.createDirectory(temp.resolve("tmp")).toString());
  }

  @AfterEach
  void restore() {
    before.forEach(System::setProperty);
    if (before.get(FOLDER).isEmpty()) {
      System.clearProperty(FOLDER);
    }
  }

  private static Optional<Path> chosen() {
    Unpacking.settle();
    return Optional.ofNullable(System.getProperty(FOLDER)).map(Path::of);
  }

  @Test
  void a_home_that_serves_stays_the_place() throws IOException {
    assertThat(chosen()).isEmpty();
    assertThat(temp.resolve("home/.javacpp/cache")).isEmptyDirectory();
    assertThat(temp.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void a_home_that_cannot_be_written_is_left_for_a_temporary_folder_of_ones_own()
      throws IOException {
    Files.createFile(temp.resolve("home"));
    Path folder = chosen().orElseThrow();
    assertThat(folder).isDirectory().hasParent(temp.resolve("tmp"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    System.clearProperty(FOLDER);
    assertThat(chosen()).as("the same the next time").contains(folder);
  }

  @Test
  void where_no_place_serves_none_is_chosen() throws IOException {
    Files.createFile(temp.resolve("home"));
    System.setProperty("java.io.tmpdir", temp.resolve("nowhere").toString());
    assertThat(chosen()).isEmpty();
  }

  @Test
  void what_the_user_chose_stays() {
    System.setProperty(FOLDER, "/proc/nowhere");
    assertThat(chosen()).contains(Path.of("/proc/nowhere"));
  }

  /** As {@code /dev/shm} in many containers. */
  @Test
  void a_disk_from_which_nothing_may_be_run_does_not_serve() throws IOException {
    Optional<Path> noexec =
        Files.readAllLines(Path.of("/proc/mounts")).stream()
            .map(line -> line.split(" "))
            .filter(mount -> mount[3].matches("rw,(.*,)?noexec(,.*)?"))
            .filter(mount -> mount[2].equals("tmpfs"))
            .map(mount -> Path.of(mount[1]))
            .filter(Files::isWritable)
            .findFirst();
    assumeThat(noexec).as("a disk that is mounted noexec").isPresent();
    Path folder = Files.createTempDirectory(noexec.get(), "emergence");
    try {
      assertThat(Unpacking.runsFrom(folder)).isFalse();
    } finally {
      Files.delete(folder);
    }
  }
}
