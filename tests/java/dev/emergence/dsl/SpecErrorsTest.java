package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each bad file has its messages beside it. */
class SpecErrorsTest {
  private static final Path FOLDER = Path.of("tests", "resources", "spec-errors");

  static Stream<String> files() throws IOException {
    try (Stream<Path> all = Files.list(FOLDER)) {
      return all
          .map(p -> p.getFileName().toString())
          .filter(n -> n.endsWith(".yaml"))
          .map(n -> n.replace(".yaml", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void a_bad_file_gives_exactly_its_messages(String name) throws IOException {
    Reading reading = SpecReader.read(FOLDER.resolve(name + ".yaml"), ReadOptions.none());
    String text = reading.toText().replace(FOLDER + "/", "");
    Path expected = FOLDER.resolve(name + ".txt");
    assertThat(expected).as("messages of %s:%n%s", name, text).exists();
    assertThat(text).isEqualTo(Files.readString(expected));
    assertThat(reading.isValid()).isEqualTo(name.startsWith("warnings"));
  }
}
