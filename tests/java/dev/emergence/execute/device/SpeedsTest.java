package dev.emergence.execute.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.execute.FakeTraining;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.result.Json;
import dev.emergence.result.Provenance;
import dev.emergence.tensor.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has been measured once is not measured again, in this process or the next. */
class SpeedsTest {
  @TempDir private Path temp;
  private final Backend backend = new ReferenceBackend();
  private final List<Integer> tried = new ArrayList<>();
  private final List<PlannedRun> runs = Yaml.plan(Yaml.TINY).runs();

  @AfterEach
  void close() {
    backend.close();
  }

  private CohortSize size(Path file, PlannedRun run, int most) {
    Engine.Trainings trainings =
        (b, starts) -> {
          tried.add(starts.size());
          return new FakeTraining(starts);
        };
    return new Speeds(file).size(backend, trainings, run, most);
  }

  @Test
  void each_size_of_a_shape_is_measured_once() {
    Path file = temp.resolve("cache/calibration.json");
    CohortSize first = size(file, runs.get(0), 1);
    assertThat(tried).containsExactly(1);
    assertThat(size(file, runs.get(0), 1)).isEqualTo(first);
    assertThat(size(file, runs.get(1), 1)).as("the same shape").isEqualTo(first);
    assertThat(tried).containsExactly(1);
    size(file, runs.get(0), 2);
    assertThat(tried).as("only the size that is new").containsExactly(1, 2);
  }

  @Test
  void another_shape_is_measured_for_itself() {
    Path file = temp.resolve("calibration.json");
    PlannedRun other = other();
    size(file, runs.get(0), 1);
    size(file, other, 1);
    assertThat(tried).containsExactly(1, 1);
  }

  @Test
  void what_others_measured_meanwhile_stays_known_and_another_version_measures_anew()
      throws IOException {
    Path file = temp.resolve("calibration.json");
    PlannedRun other = other();
    Engine.Trainings trainings =
        (b, starts) -> {
          tried.add(starts.size());
          return new FakeTraining(starts);
        };
    Speeds mine = new Speeds(file);
    CohortSize first = mine.size(backend, trainings, runs.get(0), 1);
    size(file, other, 1);
    mine.size(backend, trainings, runs.get(0), 2);
    assertThat(tried).containsExactly(1, 1, 2);
    size(file, other, 1);
    assertThat(size(file, runs.get(0), 1)).isEqualTo(first);
    assertThat(tried).hasSize(3);
    String text = Files.readString(file);
    assertThat(text).contains(" " + Provenance.version() + " ");
    Files.writeString(file, text.replace(" " + Provenance.version() + " ", " 0.0 "));
    size(file, runs.get(0), 1);
    assertThat(tried).hasSize(4);
  }

  /** Between reading the file and writing it passes the time of a measurement. */
  @Test
  void what_others_measured_during_a_measurement_stays_known() {
    Path file = temp.resolve("calibration.json");
    PlannedRun other = other();
    Engine.Trainings trainings =
        (b, starts) -> {
          if (tried.isEmpty()) {
            size(file, other, 1);
          }
          tried.add(starts.size());
          return new FakeTraining(starts);
        };
    CohortSize mine = new Speeds(file).size(backend, trainings, runs.get(0), 1);
    assertThat(tried).as("the other one's and its own").containsExactly(1, 1);
    size(file, other, 1);
    assertThat(size(file, runs.get(0), 1)).isEqualTo(mine);
    assertThat(tried).hasSize(2);
  }

  /** A process chooses all its cohorts by the same number. */
  @Test
  void what_a_process_measured_is_not_replaced_by_what_others_did() throws Exception {
    Path file = temp.resolve("calibration.json");
    Speeds mine = new Speeds(file);
    Engine.Trainings trainings = (b, starts) -> new FakeTraining(starts);
    CohortSize first = mine.size(backend, trainings, runs.get(0), 1);
    Map<String, Object> theirs = new HashMap<>();
    Json.read(file).forEach((key, trial) -> theirs.put(key, Map.of("seconds", 1e3, "bytes", 1)));
    Files.writeString(file, Json.pretty(theirs));
    mine.size(backend, trainings, other(), 1);
    assertThat(mine.size(backend, trainings, runs.get(0), 1)).isEqualTo(first);
    assertThat(size(file, runs.get(0), 1)).as("the last who wrote").isEqualTo(first);
  }

  private PlannedRun other() {
    return runs.stream()
        .filter(r -> !r.run().config().task().equals(runs.get(0).run().config().task()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_file_that_is_none_or_cannot_be_written_costs_a_measurement_and_nothing_else()
      throws IOException {
    Path broken = Files.writeString(temp.resolve("broken.json"), "{\"a");
    size(broken, runs.get(0), 1);
    size(broken, runs.get(0), 1);
    assertThat(tried).as("mended by the first").containsExactly(1);
    Path within = broken.resolve("calibration.json");
    assertThat(size(within, runs.get(0), 1).replicas()).isEqualTo(1);
    assertThat(tried).containsExactly(1, 1);
  }
}
