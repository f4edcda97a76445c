package dev.emergence.dsl.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every code has a page, and the page's example is an example of it. */
class CodeTest {
  private static final Pattern BLOCK = Pattern.compile("(?s)```yaml ?([a-z.]*)\\n(.*?)```");
  private static final Pattern SHELL =
      Pattern.compile("(?s)```sh\\n.*?experiment.yaml (--[a-z]+) (.*?)\\n```");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Code.class)
  void the_example_of_a_page_has_the_problem_and_no_other(Code code) throws IOException {
    assertThat(code.page()).startsWith("# " + code + ": " + code.title() + "\n");
    Matcher blocks = BLOCK.matcher(code.page());
    int count = 0;
    while (blocks.find()) {
      count++;
      String name = blocks.group(1).isEmpty() ? "experiment.yaml" : blocks.group(1);
      Files.writeString(folder.resolve(name), blocks.group(2));
    }
    assertThat(count).as("examples").isPositive();
    Reading reading = SpecReader.read(folder.resolve("experiment.yaml"), options(code.page()));
    assertThat(reading.diagnostics())
        .as(reading.toText())
        .isNotEmpty()
        .allMatch(d -> d.code() == code);
  }

  private static ReadOptions options(String page) {
    Matcher shell = SHELL.matcher(page);
    if (!shell.find()) {
      return ReadOptions.none();
    }
    boolean profile = shell.group(1).equals("--profile");
    return new ReadOptions(
        profile ? Optional.of(shell.group(2)) : Optional.empty(),
        profile ? List.of() : List.of(shell.group(2)),
        false);
  }

  @Test
  void every_code_is_used_somewhere() throws IOException {
    String sources = "";
    List<Path> files = new ArrayList<>();
    for (String root : List.of("java/src/dev/emergence/dsl", "java/src/dev/emergence/spec")) {
      try (Stream<Path> all = Files.walk(Path.of(root))) {
        files.addAll(
            all.filter(p -> p.toString().endsWith(".java") && !p.endsWith("Code.java")).toList());
      }
    }
    for (Path file : files) {
      sources += Files.readString(file);
    }
    String used = sources;
    List<Code> unused =
        Stream.of(Code.values())
            .filter(c -> !used.contains("Code." + c) && !used.contains("\"" + c + "\""))
            .collect(Collectors.toList());
    assertThat(unused).isEmpty();
  }

  @Test
  void a_code_is_found_in_any_case() {
    assertThat(Code.of(" e102 ")).contains(Code.E102);
    assertThat(Code.of("E999")).isEmpty();
  }
}
