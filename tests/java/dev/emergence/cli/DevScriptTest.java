package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the script {@code dev} does before it builds anything. */
class DevScriptTest {
  @TempDir Path temp;

  /** A project whose Maven does nothing. */
  @BeforeEach
  void project() throws IOException {
    Files.copy(Path.of("dev"), temp.resolve("dev"), StandardCopyOption.COPY_ATTRIBUTES);
    Path maven = Files.createDirectories(temp.resolve("bin")).resolve("mvn");
    Files.writeString(maven, "#!/bin/sh\n");
    assertThat(maven.toFile().setExecutable(true)).isTrue();
  }

  private Said dev(String arguments) throws Exception {
    return Said.bash(temp, "PATH=$PWD/bin:$PATH exec ./dev " + arguments);
  }

  @Test
  void help_goes_where_it_is_asked_for_and_a_wrong_command_is_named() throws Exception {
    for (String help : List.of("help", "--help", "-h", "")) {
      Said said = dev(help);
      assertThat(said.code()).as(help).isZero();
      assertThat(said.out()).startsWith("usage: ./dev COMMAND\n").contains("\n  build ");
    }
    Said wrong = dev("tset");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.out()).isEmpty();
    assertThat(wrong.err()).startsWith("dev: there is no command 'tset'\nusage: ./dev COMMAND\n");
  }

  @Test
  void arguments_that_would_do_nothing_are_refused() throws Exception {
    Map<String, String> refused =
        Map.of(
            "format java", "usage: ./dev format [all]",
            "gallery results/fig3", "./dev gallery RESULTS FILE [PROFILE]",
            "reproduced", "name the folder",
            "try", "name a test class",
            "try NoSuchTest", "no tests/java/**/NoSuchTest.java");
    Files.createDirectories(temp.resolve("tests/java"));
    for (String arguments : refused.keySet()) {
      Said said = dev(arguments);
      assertThat(said.code()).as(arguments).isEqualTo(2);
      assertThat(said.err()).startsWith("dev: ").contains(refused.get(arguments)).hasLineCount(1);
    }
  }

  @Test
  void a_build_that_was_moved_is_made_anew_and_one_that_stands_where_it_was_made_stays()
      throws Exception {
    Path cache = Files.createDirectories(temp.resolve("target/native")).resolve("CMakeCache.txt");
    Files.writeString(cache, "CMAKE_HOME_DIRECTORY:INTERNAL=" + temp.toRealPath() + "\n");
    assertThat(dev("build").code()).isZero();
    assertThat(cache).exists();
    Files.writeString(cache, "CMAKE_HOME_DIRECTORY:INTERNAL=/where/it/was\n");
    Said said = dev("build");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.err()).contains("target/native was built in /where/it/was");
    assertThat(cache.getParent()).doesNotExist();
  }

  /** Both read their options before they look at anything else. */
  @ParameterizedTest
  @ValueSource(strings = {"--sets x", "--sets 0", "--seeds 3,", "--by run", "--random 1.5"})
  void coverage_says_which_option_is_wrong(String options) throws Exception {
    Said said = Said.bash(temp, java(classPath(), "dev.emergence.fit.CoverageTable", options));
    assertThat(said.code()).as(said.err()).isEqualTo(2);
    assertThat(said.err().strip()).startsWith("coverage: --").contains("got '").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--count x", "--count -1", "--minutes 0", "--seed a", "--again yes"})
  void mutate_says_which_option_is_wrong(String options) throws Exception {
    Path tool = Path.of("tests/mutations").toAbsolutePath();
    Said compiled =
        Said.bash(temp, "javac -nowarn -d tool -cp '" + classPath() + "' " + tool + "/*.java");
    assertThat(compiled.code()).as(compiled.err()).isZero();
    Said said = Said.bash(temp, java("tool", "Mutate", options));
    assertThat(said.code()).as(said.err()).isEqualTo(2);
    assertThat(said.err().strip()).startsWith("mutate: --").contains("got '").hasLineCount(1);
  }

  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String java(String classPath, String main, String options) {
    return "exec "
        + Path.of(System.getProperty("java.home"), "bin", "java")
        + " -cp '"
        + classPath
        + "' "
        + main
        + " "
        + options;
  }
}
