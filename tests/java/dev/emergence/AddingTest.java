package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a new task, mixer and measure take is what java/ARCHITECTURE.md promises, and no more. */
class AddingTest {
  private static final Path PLUGIN = Path.of("tests", "plugin");

  private static List<String> files(Path below) throws IOException {
    try (Stream<Path> all = Files.walk(below)) {
      return all.filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void the_examples_that_the_page_names_are_there() throws IOException {
    List<Path> named =
        Pattern.compile("tests/[A-Za-z/]+\\.java")
            .matcher(Files.readString(Path.of("java", "ARCHITECTURE.md")))
            .results()
            .map(found -> Path.of(found.group()))
            .toList();
    assertThat(named).hasSize(3).allSatisfy(file -> assertThat(file).isRegularFile());
  }

  @Test
  void a_task_is_a_record_and_a_class_and_a_measure_one_class_with_a_line_each()
      throws IOException {
    assertThat(files(PLUGIN.resolve("src")))
        .containsExactly("CopyToken.java", "CopyTokenTask.java", "Likelihood.java");
    Path services = PLUGIN.resolve(Path.of("resources", "META-INF", "services"));
    for (String service : files(services)) {
      assertThat(Files.readAllLines(services.resolve(service))).hasSize(1);
    }
    assertThat(files(services))
        .containsExactly("dev.emergence.spec.Extension", "dev.emergence.spec.Measure");
  }

  @Test
  void a_mixer_is_one_class_that_uses_the_package_and_operations_alone() throws IOException {
    String mixer = Files.readString(Path.of("tests/java/dev/emergence/model/ToyMixer.java"));
    List<String> imports =
        mixer.lines().filter(line -> line.startsWith("import dev.emergence.")).toList();
    assertThat(imports).allMatch(line -> line.startsWith("import dev.emergence.tensor."));
    try (Stream<Path> sources = Files.walk(Path.of("java", "src"))) {
      for (Path source : sources.filter(p -> p.toString().endsWith(".java")).toList()) {
        assertThat(Files.readString(source)).as("%s", source).doesNotContain("ToyMixer");
      }
    }
  }
}
