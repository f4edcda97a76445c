package dev.emergence.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Studies that are killed hard: the same command in the end gives the same tables. */
@Timeout(3600)
class StudiesKilledTest {
  private static final String YAML =
      """
      dsl: 1
      name: killed
      task: {kind: linear_map, cells: 6, parents: 2}
      architecture: {kind: transformer, layers: 2, heads: 4, embedding_dim: 32, head_dim: 8}
      training: {optimizer: {kind: adam, learning_rate: 1.0e-2}, batch_size: 16, max_steps: 60}
      measurement:
        evaluate_every: 10
        evaluate_samples: 256
        checkpoints_at: {every: 10, at: last}
      seeds: 2
      studies:
        ablate: {kind: head_ablation, data: main, metric: test.loss, at: [0, 10, 20, 30, 40, 50, last], heads: top}
        patch: {kind: head_patching, data: main, from: last, into: 0, metric: test.loss, heads: top}
        early: {kind: head_patching, data: main, from: 30, into: 10, metric: test.loss, heads: top}
        late: {kind: head_patching, data: main, from: last, into: 50, metric: test.loss, heads: top}
        when: {kind: localise, data: main, metric: test.loss, below: 0.65}
      """;

  private static final int PIECES = 5 * 2;

  @TempDir Path temp;

  private Command run(String folder) throws IOException {
    Path file = Files.writeString(temp.resolve("killed.yaml"), YAML);
    Path to = temp.resolve(folder);
    return Command.start(
        temp.resolve(folder + ".log"), "run", file, "--out", to, "--device", "cpu", "--jobs", 1);
  }

  /** Every table of a study. */
  private Map<String, String> tables(String folder) throws IOException {
    Map<String, String> out = new TreeMap<>();
    try (Stream<Path> all = Files.list(temp.resolve(folder).resolve("tables"))) {
      for (Path path : all.filter(p -> p.getFileName().toString().startsWith("study-")).toList()) {
        out.put(path.getFileName().toString(), Files.readString(path));
      }
    }
    return out;
  }

  private long made(String folder) {
    return new Folder(temp.resolve(folder).resolve("studies")).files(".json").size();
  }

  @Test
  void kills_at_random_moments_of_the_studies_cost_nothing() throws Exception {
    try (Command command = run("undisturbed")) {
      assertThat(command.exit()).as(command.text()).isZero();
    }
    Map<String, String> expected = tables("undisturbed");
    assertThat(expected).hasSize(5);
    assertThat(made("undisturbed")).isEqualTo(PIECES);
    int kills = Campaign.size(2, 40);
    Random random = new Random(11);
    int done = 0;
    for (int round = 0; done < kills; round++) {
      String name = "round-" + round;
      boolean over = false;
      while (!over) {
        long before = Files.isDirectory(temp.resolve(name)) ? made(name) : 0;
        try (Command command = run(name)) {
          boolean moving = command.await(() -> made(name) > before && made(name) < PIECES);
          if (moving && done < kills) {
            Thread.sleep(random.nextInt(100));
            Command.signal(command.process().toHandle(), "KILL");
          }
          over = command.exit() != 137;
          done += over ? 0 : 1;
          assertThat(over ? command.exit() : 0).as(command.text()).isZero();
        }
      }
      assertThat(tables(name)).as("after %d kills", done).isEqualTo(expected);
      List<Path> left = new Folder(temp.resolve(name)).files(".claim");
      assertThat(left).isEmpty();
    }
    Campaign.figure("kill -9 in the middle of studies: %d times, tables byte-equal", done);
  }
}
