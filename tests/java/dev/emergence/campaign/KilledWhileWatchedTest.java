package dev.emergence.campaign;

import static dev.emergence.page.Browser.script;
import static dev.emergence.page.Browser.text;
import static dev.emergence.page.Browser.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.page.Browser;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Planner;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Disk;
import dev.emergence.result.ResultsFolder;
import dev.emergence.watch.WatchServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed by force while its page is open, and goes on. */
@Timeout(600)
class KilledWhileWatchedTest {
  private static final int STEPS = 6000;
  private static final int EVERY = 50;

  @TempDir Path temp;

  @Test
  void the_page_says_interrupted_keeps_the_rows_and_shows_the_run_going_on() throws Exception {
    Browser.get();
    String yaml =
        Yaml.TINY
            .replace("max_steps: 60", "max_steps: " + STEPS)
            .replace("stop: {when: plateau, extra: 50%}", "stop: {never: true}")
            .replace("  copies:\n    grid: {repetition.in_context: [1, 2]}\n", "")
            .replace("[4, 6]", "[4]")
            // Long enough to be caught in the middle.
            .replace("evaluate_every: 10", "evaluate_every: " + EVERY)
            .replace("embedding_dim: 8, head_dim: 8", "embedding_dim: 32, head_dim: 32")
            .replace("sequence_length: 8", "sequence_length: 32")
            .replace("batch_size: 4", "batch_size: 64")
            .replace("count: 2", "count: 1");
    Path file = Files.writeString(temp.resolve("tiny.yaml"), yaml);
    Path out = temp.resolve("out");
    Plan plan = Planner.plan(SpecReader.read(file, ReadOptions.none()).spec().orElseThrow());
    String id = plan.runs().get(0).id();
    ResultsFolder folder = ResultsFolder.open(out, Disk.local());
    try (Command first = run(file, out);
        WatchServer server = WatchServer.start(plan, folder, 0, Duration.ofMillis(100))) {
      Browser.open(server.address());
      assertThat(first.await(() -> rows(id) > 5 && text(".tiles").contains("1 running")))
          .as(first.text())
          .isTrue();
      first.process().toHandle().descendants().forEach(ProcessHandle::destroyForcibly);
      first.process().destroyForcibly().waitFor();
      until(() -> text(".tiles").contains("1 interrupted"));
      long kept = rows(id);
      String steps = "return [...em.store.curves.get('test.loss').get('" + id + "').x].join()";
      until(() -> script(steps).toString().split(",").length == rows(id));
      String before = script(steps).toString();
      script("em.open('" + id + "')");
      until(() -> text("#run").contains("last wrote"));
      assertThat(text("#run")).contains("interrupted", "ago", "emergence run");
      try (Command second = run(file, out)) {
        until(() -> text(".tiles").contains("1 running") || text(".tiles").contains("1 complete"));
        assertThat(second.exit()).as(second.text()).isZero();
      }
      until(() -> text(".tiles").contains("1 complete"));
      int all = STEPS / EVERY + 1;
      until(() -> rows(id) == all);
      assertThat(kept).isLessThan(all);
      until(() -> script(steps).toString().split(",").length > before.split(",").length);
      until(() -> script(steps).toString().endsWith("," + STEPS));
      String[] after = script(steps).toString().split(",");
      assertThat(after).as("no row twice, in order").doesNotHaveDuplicates();
      assertThat(script(steps).toString().split(",").length).isLessThanOrEqualTo(all);
      assertThat(Browser.errors()).isEmpty();
    }
  }

  private Command run(Path file, Path out) throws Exception {
    return Command.start(
        temp.resolve("said"), "run", file, "--out", out, "--device", "cpu", "--jobs", 1);
  }

  private static long rows(String id) {
    return (Long) script("return em.store.byId.get(arguments[0])?.rows ?? 0", id);
  }
}
