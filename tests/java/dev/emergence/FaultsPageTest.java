package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of faults names tests that there are. */
class FaultsPageTest {
  private static final Path TESTS = Path.of("tests/java/dev/emergence");
  private static final Pattern NAMED = Pattern.compile("`([A-Za-z/]+Test)(?:#([a-zA-Z0-9_]+))?`");
  private static final Pattern CASE = Pattern.compile("([a-z-]+\\.yaml)(?: \\((\\w+)\\))?");

  private static List<String> rows() throws IOException {
    return Files.readAllLines(Path.of("tests/FAULTS.md")).stream()
        .filter(line -> line.startsWith("| F"))
        .toList();
  }

  @Test
  void every_fault_has_a_test_that_there_is() throws IOException {
    List<String> missing = new ArrayList<>();
    for (String row : rows()) {
      String[] cells = row.split(" \\| ", -1);
      assertThat(cells).as(row).hasSize(3);
      List<MatchResult> named = NAMED.matcher(cells[2]).results().toList();
      assertThat(named).as("tests of %s", cells[0]).isNotEmpty();
      for (MatchResult test : named) {
        if (!isThere(test.group(1), test.group(2))) {
          missing.add(cells[0] + ": " + test.group());
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  private static boolean isThere(String name, String method) throws IOException {
    Path file = TESTS.resolve(name + ".java");
    return Files.exists(file)
        && (method == null
            || Pattern.compile("\\b(void|Stream<DynamicTest>) " + method + "\\(")
                .matcher(Files.readString(file))
                .find());
  }

  @Test
  void what_figures_and_pages_promise_has_tests_that_there_are() throws IOException {
    List<String> missing = new ArrayList<>();
    List<String> rows =
        Files.readAllLines(Path.of("tests/FIGURES.md")).stream()
            .filter(line -> line.startsWith("| "))
            .filter(line -> !line.endsWith("| held by |"))
            .toList();
    for (String row : rows) {
      List<MatchResult> named = NAMED.matcher(row).results().toList();
      assertThat(named).as("tests of %s", row).isNotEmpty();
      for (MatchResult test : named) {
        if (!isThere(test.group(1), test.group(2))) {
          missing.add(test.group());
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(rows).hasSizeGreaterThan(55);
  }

  @Test
  void every_case_is_a_file_with_its_message() throws IOException {
    Path folder = Path.of("tests/resources/spec-errors");
    for (String row : rows()) {
      for (MatchResult named : CASE.matcher(row).results().toList()) {
        Path file = folder.resolve(named.group(1));
        assertThat(file).as(row).exists();
        if (named.group(2) != null) {
          String messages = Files.readString(Path.of(file.toString().replace(".yaml", ".txt")));
          assertThat(messages).as(row).contains(named.group(2));
        }
      }
    }
  }

  @Test
  void a_fault_stands_on_the_page_once() throws IOException {
    List<String> names =
        rows().stream()
            .flatMap(row -> List.of(row.substring(2, row.indexOf(" | ")).split(", ")).stream())
            .toList();
    assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(50);
  }
}
