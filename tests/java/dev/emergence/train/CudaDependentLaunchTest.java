package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.emergence.backend.CudaUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kernels that start before the one before them has ended (EM_DEPENDENT_LAUNCH=1) change no bit of
 * a training.
 */
class CudaDependentLaunchTest {
  private static final String ON = ", dependent launches";

  @TempDir Path folder;

  @Test
  void a_training_with_dependent_launches_has_the_bits_of_one_without() throws Exception {
    List<String> without = trained("0");
    List<String> with = trained("1");
    if (CudaUnderTest.isReal()) {
      assumeThat(with.get(0)).doesNotContain("no dependent launches: ");
    }
    assertThat(with).hasSizeGreaterThan(2);
    assertThat(with.get(0)).endsWith(ON);
    assertThat(with.stream().map(line -> line.replace(ON, ""))).isEqualTo(without);
  }

  private List<String> trained(String dependent) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("em.") || name.startsWith("org.bytedeco."))
        .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), TrainedBits.class.getName()));
    Path said = folder.resolve("said" + dependent);
    Path errors = folder.resolve("errors" + dependent);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(said.toFile()).redirectError(errors.toFile());
    builder.environment().put("EM_DEPENDENT_LAUNCH", dependent);
    Process process = builder.start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    try (Stream<String> lines = Files.lines(said)) {
      return lines.toList();
    }
  }
}
