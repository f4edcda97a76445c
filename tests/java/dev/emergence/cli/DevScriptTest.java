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

  /** Tools that know no more than those of macOS; Maven says how it was called. */
  private void mac() throws Exception {
    tool("uname", "case $1 in -s) echo Darwin ;; -m) echo arm64 ;; *) echo Darwin arm64 ;; esac");
    tool("readlink", "case $1 in -*) exit 64 ;; esac; exec /usr/bin/readlink \"$@\"");
    tool("find", "case \"$*\" in *-quit* | *-printf*) exit 64 ;; esac; exec /usr/bin/find \"$@\"");
    tool("cp", "case $1 in -*u*) exit 64 ;; esac; exec /bin/cp \"$@\"");
    tool("paste", "case \"$*\" in *' -') exec /usr/bin/paste \"$@\" ;; esac; exit 64");
    tool("stat", "exit 64");
    tool("nproc", "exit 127");
    tool("sysctl", "echo 8");
    tool("mvn", "printf '%s\\n' \"$@\" >called");
  }

  private void tool(String name, String script) throws IOException {
    Path file = temp.resolve("bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void a_build_asks_nothing_of_the_tools_that_those_of_macos_do_not_know() throws Exception {
    mac();
    tool("xcode-select", "exit 0");
    for (String source : List.of("native/include", "tests/native", "java/src", "target")) {
      Files.createDirectories(temp.resolve(source));
    }
    Files.createFile(temp.resolve("pom.xml"));
    Files.createFile(temp.resolve("CMakeLists.txt"));
    Files.createSymbolicLink(temp.resolve("link"), Path.of("dev"));
    Said said = Said.bash(temp, "PATH=$PWD/bin:$PATH exec ./link build-if-stale");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(temp.resolve("called")).content().contains("-Dnative.jobs=8\n", "\npackage\n");
    Files.delete(temp.resolve("called"));
    Files.createFile(temp.resolve("target/emergence.jar"));
    assertThat(dev("build-if-stale").code()).isZero();
    assertThat(temp.resolve("called")).as("nothing has changed").doesNotExist();
    Thread.sleep(20);
    Files.createFile(temp.resolve("java/src/New.java"));
    assertThat(dev("build-if-stale").code()).isZero();
    assertThat(temp.resolve("called")).as("a new source").exists();
  }

  @Test
  void on_macos_one_line_says_what_to_install_and_nothing_is_installed() throws Exception {
    mac();
    Files.delete(temp.resolve("bin/mvn"));
    for (String name : List.of("bash", "dirname", "basename", "mkdir", "sed")) {
      Files.createSymbolicLink(temp.resolve("bin").resolve(name), Path.of("/usr/bin", name));
    }
    tool("brew", ": >brewed");
    Said said = Said.bash(temp, "PATH=$PWD/bin; exec ./dev build");
    assertThat(said.code()).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(said.err())
        .isEqualTo(
            "dev: run this, then the same command again: xcode-select --install; brew install"
                + " temurin@17 maven cmake\n");
    assertThat(temp.resolve("brewed")).doesNotExist();
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
