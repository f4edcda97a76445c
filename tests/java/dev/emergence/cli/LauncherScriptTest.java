package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code emergence} says in one line why the JVM could not start. */
class LauncherScriptTest {
  @TempDir Path temp;

  /** A bundle whose Java prints what it is told. */
  @BeforeEach
  void bundle() throws IOException {
    Files.copy(Path.of("emergence"), temp.resolve("emergence"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.createDirectories(temp.resolve("lib"));
    Files.createFile(temp.resolve("lib/emergence.jar"));
    Path java = Files.createDirectories(temp.resolve("runtime/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
  }

  private Said bash(String command) throws Exception {
    return Said.bash(temp, command);
  }

  @Test
  void a_folder_that_is_gone_is_said_and_the_jvm_is_not_started() throws Exception {
    Said said = bash("mkdir d && cd d && rmdir ../d && exec " + temp.resolve("emergence") + " run");
    assertThat(said.code()).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(said.out()).isEmpty();
    assertThat(said.err())
        .contains("emergence: the current folder is gone (moved or deleted?)")
        .doesNotContain("java");
  }

  @Test
  void links_to_it_are_followed_with_no_more_than_the_readlink_of_macos() throws Exception {
    Path readlink = Files.createDirectories(temp.resolve("bin")).resolve("readlink");
    Files.writeString(
        readlink, "#!/bin/sh\ncase $1 in -*) exit 64 ;; esac\nexec /usr/bin/readlink \"$@\"\n");
    assertThat(readlink.toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(temp.resolve("bin/other"), Path.of("../emergence"));
    Files.createSymbolicLink(temp.resolve("bin/emergence"), temp.resolve("bin/other"));
    Said said = bash("PATH=$PWD/bin:$PATH exec emergence run");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out().lines()).contains("run");
  }

  @Test
  void too_little_address_space_is_said_and_a_little_more_is_shared_out() throws Exception {
    Said little = bash("ulimit -v 1000000; exec ./emergence run");
    assertThat(little.code()).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(little.err())
        .isEqualTo(
            "emergence: only 1000000 KiB of memory may be used (ulimit -v), at least 1500000 are"
                + " needed\n");
    Said enough = bash("ulimit -v 3000000; exec ./emergence run 'a file.yaml'");
    assertThat(enough.code()).as(enough.err()).isZero();
    assertThat(enough.out().lines())
        .contains("-Xmx732m", "run", "a file.yaml")
        .anyMatch(line -> line.startsWith("-XX:ReservedCodeCacheSize="));
    assertThat(bash("./emergence run").out()).doesNotContain("-Xmx");
  }
}
