package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.analysis.State;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.measure.Emergence;
import dev.emergence.result.Json;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A results folder of the first release serves every later one: what is stored is read, and never
 * trained again. Beside the folder stands the file that it was made from.
 */
class StoredResultsTest {
  private static final Path GOLDEN = Path.of("tests", "golden", "results-0.1");
  private static final Path FILE = Path.of("tests", "golden", "results-0.1.yaml");
  private static final String EMERGED = "033e1e10f3ae3f4e";
  private static final String UNREACHED = "47536fd2d335157e";

  @TempDir Path temp;
  private Path folder;

  @BeforeEach
  void copy() throws IOException {
    folder = temp.resolve("results");
    try (Stream<Path> all = Files.walk(GOLDEN)) {
      for (Path from : all.toList()) {
        Files.copy(from, folder.resolve(GOLDEN.relativize(from).toString()));
      }
    }
  }

  private static StoredRun load(Path folder, String id) throws Exception {
    return ResultsFolder.read(folder).load(id).orElseThrow();
  }

  @Test
  void its_runs_are_listed_and_fitted_as_on_the_first_day() throws Exception {
    Results results = Results.read(folder);
    assertThat(results.runs())
        .extracting(run -> run.assignment().run() + " " + run.state("plateau"))
        .containsExactlyInAnyOrder(
            EMERGED + " " + State.REACHED, UNREACHED + " " + State.UNREACHED);
    assertThat(load(folder, EMERGED).curve().column("test.loss"))
        .containsExactly(0.13545044866623357, 0.03348781980457716);
    assertThat(results.runs())
        .extracting(run -> run.assignment().run() + " " + run.last("test.loss"))
        .containsExactlyInAnyOrder(
            EMERGED + " 0.03348781980457716", UNREACHED + " 0.1235876529244706");
    assertThat(results.runs().get(0).emergence("plateau"))
        .isInstanceOfSatisfying(
            Emergence.Reached.class,
            reached -> {
              assertThat(reached.step()).isEqualTo(10);
              assertThat(reached.lower()).isZero();
            });
    results.writeTables();
    assertThat(folder.resolve("tables/runs.csv")).content().contains(EMERGED, UNREACHED);
    assertThat(law(folder)).isEqualTo(law(GOLDEN));
  }

  @SuppressWarnings("unchecked")
  private static Object law(Path folder) throws Exception {
    Map<String, Object> fits = Json.read(folder.resolve("fits.json"));
    Map<String, Object> law = (Map<String, Object>) fits.get("law");
    Map<String, Object> parameters = (Map<String, Object>) law.get("parameters");
    return ((Map<String, Object>) parameters.get("C")).get("value");
  }

  @Test
  void its_report_is_written() throws Exception {
    Results results = Results.read(folder);
    assertThat(results.write()).as("figures that could not be drawn").isEmpty();
    assertThat(Files.readString(results.report())).contains("<svg", "T_plateau = C / lr");
  }

  @Test
  void the_same_file_trains_nothing_again() throws Exception {
    Results results =
        Experiment.load(FILE).run(folder, RunOptions.defaults().onDevice("cpu").withJobs(1));
    assertThat(results.summary().computed()).isZero();
    assertThat(results.summary().isComplete()).isTrue();
    assertThat(folder.resolve("quarantine")).doesNotExist();
    try (Stream<Path> stored = Files.walk(GOLDEN.resolve("runs"))) {
      for (Path file : stored.filter(Files::isRegularFile).toList()) {
        assertThat(folder.resolve(GOLDEN.relativize(file).toString())).hasSameBinaryContentAs(file);
      }
    }
  }

  @Test
  void a_run_that_was_unreached_is_continued_from_where_it_stood() throws Exception {
    Results results =
        Experiment.load(FILE, ReadOptions.none().withSets("training.max_steps=60"))
            .run(folder, RunOptions.defaults().onDevice("cpu").withJobs(1));
    assertThat(results.summary().computed()).isEqualTo(1);
    assertThat(folder.resolve("quarantine")).doesNotExist();
    StoredRun before = load(GOLDEN, UNREACHED);
    StoredRun after = load(folder, UNREACHED);
    assertThat(after.outcome().lastStep()).isEqualTo(60);
    assertThat(after.curve().steps()).containsExactly(0, 10, 20, 30, 40, 50, 60);
    double[] loss = after.curve().column("test.loss");
    assertThat(loss).startsWith(before.curve().column("test.loss"));
    assertThat(loss[6]).isBetween(0.0, loss[4]);
  }
}
