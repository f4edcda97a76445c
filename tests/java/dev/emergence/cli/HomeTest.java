package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user whom no table of users names has a home all the same, and no folder named {@code ?}. */
class HomeTest {
  private static final String HOME = "user.home";
  private static final String TEMPORARY = "java.io.tmpdir";

  private final Map<String, String> before =
      Stream.of(HOME, TEMPORARY).collect(Collectors.toMap(k -> k, System::getProperty));

  @TempDir Path temp;

  @AfterEach
  void restore() {
    before.forEach(System::setProperty);
  }

  private Path settled(String home) {
    System.setProperty(HOME, home);
    System.setProperty(TEMPORARY, temp.toString());
    Home.settle();
    return Path.of(System.getProperty(HOME));
  }

  @ParameterizedTest
  @ValueSource(strings = {"?", "", "/nowhere/at/all"})
  void who_has_no_home_gets_one_among_the_temporary_folders(String none) throws IOException {
    Path home = settled(none);
    assertThat(home).isDirectory().hasParent(temp);
    assertThat(Files.getPosixFilePermissions(home)).as("for this user alone").hasSize(3);
    assertThat(settled(none)).as("the same the next time").isEqualTo(home);
    assertThat(Path.of("?")).doesNotExist();
  }

  @Test
  void a_home_that_is_there_stays() throws IOException {
    Path mine = Files.createDirectory(temp.resolve("mine"));
    assertThat(settled(mine.toString())).isEqualTo(mine);
  }

  @Test
  void a_link_that_waits_in_its_place_is_not_followed() throws IOException {
    Path name = settled("?").getFileName();
    Files.delete(temp.resolve(name));
    Path trap = Files.createDirectory(temp.resolve("trap"));
    Files.createSymbolicLink(temp.resolve(name), trap);
    Path home = settled("?");
    assertThat(home).isDirectory().isNotEqualTo(temp.resolve(name));
    assertThat(home.toRealPath()).isNotEqualTo(trap.toRealPath());
  }
}
