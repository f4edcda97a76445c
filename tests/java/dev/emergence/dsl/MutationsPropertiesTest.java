package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.yaml.Diagnostic;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Layer;
import dev.emergence.dsl.yaml.Source;
import dev.emergence.dsl.yaml.TextFile;
import dev.emergence.plan.Planner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever is done to a file, it gives diagnostics, never an exception; and a wrong key is named
 * with its line.
 */
class MutationsPropertiesTest {
  private static final String FILE = "tests/resources/spec-valid/everything.yaml";
  private static final List<String> LINES = lines();

  private static List<String> lines() {
    try {
      return Files.readAllLines(Path.of(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Property(tries = 300)
  void a_misspelt_key_is_reported_on_its_line(
      @ForAll("keyLines") int line, @ForAll("letters") char letter, @ForAll int where) {
    String text = LINES.get(line);
    int colon = text.indexOf(':');
    int begin = text.length() - text.stripLeading().length();
    int at = begin + 1 + Math.floorMod(where, colon - begin);
    String misspelt = text.substring(0, at) + letter + letter + text.substring(at);
    Reading reading = read(line, misspelt);
    assertThat(reading.diagnostics())
        .as(misspelt)
        .anyMatch(d -> d.line() == line + 1 && d.isError());
  }

  /** Lines whose key is a word of the language rather than a name of the file's own. */
  @Provide
  Arbitrary<Integer> keyLines() {
    List<Integer> lines = new ArrayList<>();
    for (int i = 0; i < LINES.size(); i++) {
      if (LINES.get(i).matches(" *[a-z_.]+:( .*)?") && !LINES.get(i).contains("# name")) {
        lines.add(i);
      }
    }
    return Arbitraries.of(lines);
  }

  @Provide
  Arbitrary<Character> letters() {
    return Arbitraries.of('q', 'x', 'z');
  }

  private static Reading read(int line, String text) {
    List<String> changed = new ArrayList<>(LINES);
    changed.set(line, text);
    return SpecReader.read(
        "everything.yaml", String.join("\n", changed) + "\n", ReadOptions.none());
  }

  @Property(tries = 2000)
  void random_bytes_in_a_file_give_diagnostics_only(@ForAll("edits") List<Edit> edits) {
    byte[] bytes = (String.join("\n", LINES) + "\n").getBytes(StandardCharsets.UTF_8);
    for (Edit edit : edits) {
      bytes = edit.apply(bytes);
    }
    Diagnostics out = new Diagnostics();
    Optional<Source> source = TextFile.decode("x.yaml", 0, Layer.FILE, bytes, out);
    if (source.isEmpty()) {
      assertThat(out.errors()).isPositive();
      return;
    }
    Reading reading = SpecReader.read("x.yaml", source.get().text(), ReadOptions.none());
    assertThat(reading.isValid())
        .isNotEqualTo(reading.diagnostics().stream().anyMatch(Diagnostic::isError));
    reading.toText();
    reading.toJson();
  }

  /**
   * Values that trouble programs: ends of ranges, words that look like numbers, expressions without
   * an answer, symbols, names with a meaning of their own, characters that cannot be seen.
   */
  private static final List<String> TROUBLE =
      List.of(
          "0",
          "-1",
          "1",
          "2147483647",
          "2147483648",
          "1e300",
          "5e-324",
          "1.0e-300",
          "nan",
          "inf",
          "NA",
          "null",
          "none",
          "mean",
          "last",
          "true",
          "20",
          "100%",
          "-5%",
          "''",
          "' '",
          "[]",
          "{}",
          "[[1]]",
          "{d: [1, 2]}",
          "{from: 0, to: 1, step: 1.0e-300}",
          "{from: 1, to: 1, num: 2}",
          "d",
          "lr",
          "seed",
          "variant",
          "\"d\"",
          "\"d/0 > 1\"",
          "\"T/(d-16) > 1\"",
          "\"variant == x\"",
          "\"relevant_position == last\"",
          "\"not d\"",
          "\"T_plateau = C * d^r2\"",
          "\"T_plateau = C * 0^alpha\"",
          "1.0e\u20133",
          "\u22121",
          "a\u00A0b",
          "\u200B",
          "interval",
          "nonlinear",
          "interpolated",
          "exclude");

  @Property(tries = 200)
  void any_troublesome_value_gives_diagnostics_or_a_plan(
      @ForAll("valueLines") int line, @ForAll("trouble") String value) {
    String text = LINES.get(line);
    Reading reading = read(line, text.substring(0, text.indexOf(':') + 1) + " " + value);
    assertThat(reading.isValid())
        .isNotEqualTo(reading.diagnostics().stream().anyMatch(Diagnostic::isError));
    reading.toText();
    reading.toJson();
    reading.spec().ifPresent(spec -> assertThat(Planner.plan(spec).runs()).isNotEmpty());
  }

  @Provide
  Arbitrary<String> trouble() {
    return Arbitraries.of(TROUBLE);
  }

  @Provide
  Arbitrary<Integer> valueLines() {
    List<Integer> lines = new ArrayList<>();
    for (int i = 0; i < LINES.size(); i++) {
      if (LINES.get(i).matches(" *[A-Za-z_.]+: .+")) {
        lines.add(i);
      }
    }
    return Arbitraries.of(lines);
  }

  /** A change of some bytes. */
  record Edit(int kind, int at, int length, long seed) {
    private static final String[] WORDS = {
      "{",
      "}",
      "[",
      "]",
      ": ",
      "- ",
      "\n",
      "\t",
      "*a",
      "&a ",
      "!!x ",
      "null",
      "~",
      "\"",
      "'",
      "|\n",
      ">\n",
      "---\n",
      "...\n",
      "1e999",
      ".nan",
      "-1",
      "0.5",
      "#",
      "? ",
      "<<: ",
      "%YAML\n",
      "  ",
      "kind: toy",
      "task.dim",
      "\u00e9",
      "\u00A0",
      "\u2013",
      "mean",
      "nan",
      "d",
      "5e-324",
      "2147483647",
      "variant == x"
    };

    byte[] apply(byte[] bytes) {
      Random random = new Random(seed);
      int from = bytes.length == 0 ? 0 : Math.floorMod(at, bytes.length);
      int to = Math.min(bytes.length, from + length);
      byte[] put = new byte[length];
      random.nextBytes(put);
      byte[] middle =
          switch (Math.floorMod(kind, 4)) {
            case 0 -> new byte[0];
            case 1 -> put;
            case 2 -> WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
            default ->
                java.util.Arrays.copyOfRange(
                    bytes, from / 2, Math.min(bytes.length, from / 2 + 5 * length));
          };
      int keep = Math.floorMod(kind, 8) < 4 ? from : to;
      byte[] out = java.util.Arrays.copyOf(bytes, from + middle.length + bytes.length - keep);
      System.arraycopy(middle, 0, out, from, middle.length);
      System.arraycopy(bytes, keep, out, from + middle.length, bytes.length - keep);
      return out;
    }
  }

  @Provide
  Arbitrary<List<Edit>> edits() {
    // Random bytes are rarely UTF-8, so words and pieces of the file itself come more often.
    Arbitrary<Integer> kind =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(8, Arbitraries.of(0, 2, 3, 4, 6, 7)),
            net.jqwik.api.Tuple.of(1, Arbitraries.of(1, 5)));
    return Combinators.combine(
            kind,
            Arbitraries.integers().between(0, 100_000),
            Arbitraries.integers().between(1, 12),
            Arbitraries.longs())
        .as(Edit::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Property(tries = 500)
  void random_command_lines_give_diagnostics_only(@ForAll("commands") String set) {
    Reading reading =
        SpecReader.read(
            "everything.yaml", String.join("\n", LINES) + "\n", ReadOptions.none().withSets(set));
    assertThat(reading.isValid())
        .isNotEqualTo(reading.diagnostics().stream().anyMatch(Diagnostic::isError));
    reading.toText();
  }

  @Provide
  Arbitrary<String> commands() {
    return Arbitraries.of(
            "task",
            "dim",
            "kind",
            ".",
            "=",
            "sweeps",
            "grid",
            "plane",
            "seeds",
            "count",
            "[1, 2]",
            "{",
            "}",
            "null",
            "3",
            "fits",
            "law",
            "measurement",
            "thresholds",
            "plateau",
            "below",
            "0.1",
            "\u0000",
            "&a",
            "toy")
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }
}
