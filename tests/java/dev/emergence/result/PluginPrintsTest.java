package dev.emergence.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The digits that tell one version of a plug-in from another. */
class PluginPrintsTest {
  @TempDir Path temp;

  private Path jar(String name, long time, String... entries) throws IOException {
    Path jar = temp.resolve(name);
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (String entry : entries) {
        JarEntry named = new JarEntry(entry.replaceFirst("=.*", ""));
        named.setTime(time);
        out.putNextEntry(named);
        out.write(entry.replaceFirst(".*=", "").getBytes(StandardCharsets.UTF_8));
        out.closeEntry();
      }
    }
    return jar;
  }

  @Test
  void a_jar_that_is_packed_again_has_the_same_digits_and_a_changed_one_has_not()
      throws IOException {
    String manifest = "META-INF/MANIFEST.MF=";
    String first = PluginPrints.of(jar("a.jar", 1_000_000_000_000L, manifest + "1", "A=5", "B=7"));
    assertThat(first).matches("[0-9a-f]{12}");
    assertThat(PluginPrints.of(jar("b.jar", 1_100_000_000_000L, "B=7", manifest + "2", "A=5")))
        .isEqualTo(first);
    assertThat(PluginPrints.of(jar("c.jar", 1_000_000_000_000L, manifest + "1", "A=5", "B=8")))
        .isNotEqualTo(first);
    assertThat(PluginPrints.of(jar("d.jar", 1_000_000_000_000L, manifest + "1", "A=5", "C=7")))
        .isNotEqualTo(first);
  }

  @Test
  void a_folder_has_digits_of_its_own_and_a_jar_that_is_gone_has_none() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("classes"));
    Files.writeString(folder.resolve("A"), "5");
    String first = PluginPrints.of(folder);
    Files.writeString(folder.resolve("A"), "6");
    assertThat(PluginPrints.of(folder)).matches("[0-9a-f]{12}").isNotEqualTo(first);
    assertThat(PluginPrints.of(temp.resolve("gone.jar"))).isEqualTo("unreadable");
  }
}
