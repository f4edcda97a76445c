package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.yaml.Diagnostics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that were made to break readers: each gives a diagnostic with a place, and soon. */
class HostileFilesTest {
  private static final String VALID =
      """
      dsl: 1
      name: x
      task: {kind: linear_regression, dim: 16, sequence_length: 32}
      """;

  @TempDir Path folder;

  private Reading read(byte[] bytes) throws IOException {
    Path file = folder.resolve("hostile.yaml");
    Files.write(file, bytes);
    return SpecReader.read(file, ReadOptions.none());
  }

  static Stream<Arguments> texts() {
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    IntStream.range(1, 9)
        .forEach(
            i ->
                laughs.append(
                    "a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9))));
    String grid =
        VALID
            + "sweeps: {a: {grid: {task.dim: {from: 1, to: 60000, step: 1}, task.sequence_length:"
            + " {from: 1, to: 1000000, num: 1000000}}}}";
    return Stream.of(
        Arguments.of("billion laughs", laughs.toString(), "E105"),
        Arguments.of("5000 brackets on a line", "[".repeat(5000), "E103"),
        Arguments.of("5000 brackets on lines", "[\n".repeat(5000), "E118"),
        Arguments.of("5000 braces", "{a:\n ".repeat(5000), "E118"),
        Arguments.of("5000 nested items", "- ".repeat(1500), "E118"),
        Arguments.of("a line of 200 kB", "name: " + "a".repeat(200_000), "E103"),
        Arguments.of(
            "an unclosed quote over many lines", "name: \"" + "a\n  ".repeat(20_000), "E100"),
        Arguments.of("a file of 2 MB", "# x\n".repeat(500_000), "E103"),
        Arguments.of(
            "10,000 keys",
            IntStream.range(0, 10_000)
                .mapToObj(i -> "k" + i + ": 1\n")
                .reduce(VALID, String::concat),
            "E118"),
        Arguments.of("a sweep of 6e10 cells", grid, "E123"),
        Arguments.of("NUL", "dsl: 1\0\n", "E103"),
        Arguments.of("escape", "name: a\u001b[31mb\n", "E103"),
        Arguments.of("a right-to-left override", "name: a\u202eb\n", "E103"),
        Arguments.of("a carriage return alone", VALID.replace('\n', '\r'), "E103"),
        Arguments.of("nothing", "", "E111"),
        Arguments.of("only a comment", "# nothing\n", "E111"),
        Arguments.of("a list", "- 1\n", "E111"),
        Arguments.of("a complex key", "? [a]\n: 1\n", "E105"),
        Arguments.of(
            "a tag of a class",
            VALID + "description: !!javax.script.ScriptEngineManager [x]\n",
            "E105"),
        Arguments.of("a local tag", VALID + "description: !x y\n", "E105"),
        Arguments.of("a verbatim tag", VALID + "description: !<tag:yaml.org,2002:str> y\n", "E105"),
        Arguments.of("binary", VALID + "description: !!binary aGk=\n", "E105"),
        Arguments.of("an alias as key", "*a : 1\n", "E105"),
        Arguments.of(
            "infinity",
            VALID + "training: {optimizer: {kind: adam, learning_rate: .inf}}\n",
            "E106"),
        Arguments.of(
            "a number of 4000 digits",
            VALID + "seeds: {first: " + "1".repeat(3900) + "}\n",
            "E111"),
        Arguments.of("a huge exponent", VALID + "seeds: {first: 1e9999}\n", "E110"),
        Arguments.of(
            "a long formula",
            VALID + "fits: {f: {data: main, formula: \"T_x = " + "(".repeat(1500) + "\"}}\n",
            "E130"),
        Arguments.of(
            "a very long formula",
            VALID + "fits: {f: {data: main, formula: \"T_x = " + "1+".repeat(1200) + "1\"}}\n",
            "E130"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void a_hostile_text_gives_a_diagnostic(String name, String text, String code) throws IOException {
    Reading reading = read(text.getBytes(StandardCharsets.UTF_8));
    assertThat(reading.spec()).isEmpty();
    assertThat(reading.diagnostics()).anyMatch(d -> d.code().name().equals(code));
    assertThat(reading.diagnostics().size()).isLessThanOrEqualTo(Diagnostics.MOST + 1);
    assertThat(reading.toText().length()).isLessThan(200_000);
  }

  @Test
  void invalid_utf8_is_reported_with_its_place() throws IOException {
    byte[] latin1 = (VALID + "description: caf\u00e9\n").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(read(latin1).toText())
        .contains("hostile.yaml:4:17: error E103: byte ")
        .contains("(0xE9) is not UTF-8");
  }

  @Test
  void utf16_is_named() throws IOException {
    assertThat(read(VALID.getBytes(StandardCharsets.UTF_16)).toText())
        .contains("the file is UTF-16, not UTF-8");
  }

  @Test
  void a_byte_order_mark_and_windows_line_ends_are_fine() throws IOException {
    Reading reading =
        read(("\uFEFF" + VALID.replace("\n", "\r\n")).getBytes(StandardCharsets.UTF_8));
    assertThat(reading.toText()).isEmpty();
    assertThat(reading.isValid()).isTrue();
  }

  @Test
  void places_count_characters_also_beyond_the_basic_plane() throws IOException {
    Reading reading =
        read(
            (VALID + "description: \"\uD83D\uDE00\"\nseeds: {x\uD83D\uDE00: 1, counts: 1}\n")
                .getBytes(StandardCharsets.UTF_8));
    assertThat(reading.diagnostics())
        .anySatisfy(
            d -> {
              assertThat(d.message()).contains("'counts'");
              assertThat(d.line()).isEqualTo(5);
              assertThat(d.column()).isEqualTo(16);
            });
  }

  @Test
  void a_folder_and_a_missing_file_are_problems_of_the_file() {
    assertThat(SpecReader.read(folder, ReadOptions.none()).toText())
        .contains("E103")
        .contains("it is a folder; name an experiment file");
    assertThat(SpecReader.read(folder.getRoot(), ReadOptions.none()).toText())
        .contains("E103")
        .contains("it is a folder; name an experiment file");
    assertThat(SpecReader.read(folder.resolve("none.yaml"), ReadOptions.none()).toText())
        .contains("E103")
        .contains("it does not exist");
  }

  @Test
  void a_link_out_of_the_project_is_not_followed() throws IOException {
    Path project = Files.createDirectories(folder.resolve("project"));
    Files.createFile(project.resolve("pom.xml"));
    Path secret = Files.writeString(folder.resolve("secret.yaml"), "dsl: 1\ndescription: secret\n");
    Files.createSymbolicLink(project.resolve("link.yaml"), secret);
    Path file = Files.writeString(project.resolve("x.yaml"), VALID + "extends: link.yaml\n");
    assertThat(SpecReader.read(file, ReadOptions.none()).toText())
        .contains("E108")
        .contains("is a link out of the project");
  }

  @Test
  void a_hundred_thousand_runs_need_to_be_wanted() {
    String many =
        VALID
            + "seeds: {count: 26}\nsweeps: {a: {grid: {task.dim: {from: 1, to: 4000, step: 1}}}}\n";
    assertThat(SpecReader.read("x.yaml", many, ReadOptions.none()).toText())
        .contains("4000 conditions with 26 seeds each make 104000 runs");
    Reading wanted =
        SpecReader.read(
            "x.yaml", many, new ReadOptions(java.util.Optional.empty(), java.util.List.of(), true));
    assertThat(wanted.spec().orElseThrow().sweeps().get("a").conditions()).hasSize(4000);
    String just = many.replace("count: 26", "count: 25");
    assertThat(SpecReader.read("x.yaml", just, ReadOptions.none()).isValid()).isTrue();
  }
}
