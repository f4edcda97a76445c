package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Planner;
import dev.emergence.spec.ExperimentSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The runs of the example files, at the papers' size, keep their ids from release to release, so
 * that stored results are found again. The list is made by {@code
 * tests/golden/make_example_ids.sh}.
 */
class ExampleIdsTest {
  /** File, number of runs, hash of their ids. */
  static Stream<String> lines() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("tests", "golden", "example-ids.txt"));
    assertThat(lines).hasSizeGreaterThanOrEqualTo(18);
    return lines.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lines")
  void an_example_has_the_runs_that_it_always_had(String line) throws Exception {
    String[] words = line.split(" ");
    ExperimentSpec spec =
        SpecReader.read(Path.of(words[0]), ReadOptions.none()).spec().orElseThrow();
    List<String> ids = Planner.plan(spec).runs().stream().map(PlannedRun::id).sorted().toList();
    String text = ids.stream().collect(Collectors.joining("\n", "", "\n"));
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    assertThat(ids.size() + " " + HexFormat.of().formatHex(hash))
        .as("runs of %s: a changed default renames stored runs", words[0])
        .isEqualTo(words[1] + " " + words[2]);
  }
}
