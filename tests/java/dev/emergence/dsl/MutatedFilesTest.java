package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.campaign.Campaign;
import dev.emergence.dsl.yaml.Diagnostic;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Planner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files as people have them, with random edits: each gives diagnostics or a plan, never an
 * exception.
 */
class MutatedFilesTest {
  @TempDir Path temp;

  @Test
  void every_mutated_file_gives_diagnostics_or_a_plan() throws Exception {
    int count = Campaign.size(200, 10_000);
    List<Path> files = files();
    Random random = new Random(5);
    int valid = 0;
    for (int i = 0; i < count; i++) {
      Path original = files.get(i % files.size());
      byte[] bytes = Files.readAllBytes(original);
      for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
        bytes =
            new MutationsPropertiesTest.Edit(
                    random.nextInt(8),
                    random.nextInt(1 << 20),
                    1 + random.nextInt(12),
                    random.nextLong())
                .apply(bytes);
      }
      // Beside the original, so that what it extends is found.
      Path file =
          Files.write(
              original.resolveSibling("mutated-" + ProcessHandle.current().pid() + ".yaml"), bytes);
      try {
        valid += reads(file, original, i) ? 1 : 0;
      } catch (RuntimeException e) {
        throw new AssertionError(
            "mutation " + i + " of " + original + ":\n" + new String(bytes, StandardCharsets.UTF_8),
            e);
      } finally {
        Files.delete(file);
      }
    }
    Campaign.figure(
        "%d mutated YAML files: diagnostics only; %d were still valid, and planned", count, valid);
  }

  private static boolean reads(Path file, Path original, int i) throws IOException {
    Reading reading = SpecReader.read(file, ReadOptions.none());
    assertThat(reading.isValid())
        .as("mutation %d of %s", i, original)
        .isNotEqualTo(reading.diagnostics().stream().anyMatch(Diagnostic::isError));
    reading.toText();
    reading.toJson();
    if (reading.isValid()) {
      Plan plan = Planner.plan(reading.spec().orElseThrow());
      assertThat(plan.runs()).as("mutation %d of %s", i, original).isNotEmpty();
    }
    return reading.isValid();
  }

  /** A copy of all valid examples, in folders of their own. */
  private List<Path> files() throws IOException {
    for (String folder : List.of("dsl-examples", "tests/resources/spec-valid")) {
      try (Stream<Path> paths = Files.walk(Path.of(folder))) {
        for (Path path : paths.filter(p -> p.toString().endsWith(".yaml")).toList()) {
          Path to = temp.resolve(path);
          Files.createDirectories(to.getParent());
          Files.copy(path, to);
        }
      }
    }
    Files.createFile(temp.resolve("pom.xml"));
    try (Stream<Path> paths = Files.walk(temp)) {
      return paths.filter(p -> p.toString().endsWith(".yaml")).sorted().toList();
    }
  }
}
