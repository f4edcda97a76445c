package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The kernels' page knows every operation. */
class KernelsPageTest {
  @Test
  void every_operation_has_its_two_numbers() throws IOException {
    String table = Files.readString(Path.of("native/common/operations.h"));
    List<String> operations =
        Pattern.compile("^ {4}X\\((\\w+)\\)", Pattern.MULTILINE)
            .matcher(table)
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(operations).hasSizeGreaterThan(30);
    assertThat(rows()).containsAll(operations);
  }

  /** The words of the first column of the table of two numbers. */
  private static Set<String> rows() throws IOException {
    String page = Files.readString(Path.of("native/cuda/README.md"));
    int start = page.indexOf("## Two numbers of each kernel");
    String section = page.substring(start, page.indexOf("\n## ", start));
    return Pattern.compile("^\\| ([^|]+) \\|", Pattern.MULTILINE)
        .matcher(section)
        .results()
        .flatMap(row -> Pattern.compile("\\w+").matcher(row.group(1)).results())
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }
}
