package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tags of documentation stand where tools read them: at the start of a line. */
class JavadocTagsTest {
  private static final Pattern TAG_IN_A_LINE =
      Pattern.compile("^\\s*(/\\*\\*|\\*) .*\\S @(param|return|throws)\\b");

  @Test
  void no_tag_stands_in_the_middle_of_a_line() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("java", "src"))) {
      assertThat(files.filter(f -> f.toString().endsWith(".java")).flatMap(f -> found(f).stream()))
          .isEmpty();
    }
  }

  private static List<String> found(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> TAG_IN_A_LINE.matcher(line).find())
          .map(line -> file + ": " + line.strip())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
