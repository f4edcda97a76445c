package dev.emergence.watch;

import static dev.emergence.page.Browser.count;
import static dev.emergence.page.Browser.script;
import static dev.emergence.page.Browser.text;
import static dev.emergence.page.Browser.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Experiment;
import dev.emergence.RunOptions;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.page.Browser;
import dev.emergence.page.Folders;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Disk;
import dev.emergence.result.LiveRows;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live page in a real browser. */
class WatchPageTest {
  @TempDir Path root;

  @BeforeEach
  void browser() {
    Browser.get();
  }

  private static WatchServer watch(Plan plan, Path root) throws Exception {
    return WatchServer.start(
        plan, ResultsFolder.open(root, Disk.local()), 0, Duration.ofMillis(100));
  }

  @Test
  void new_rows_and_runs_show_without_a_reload_and_what_is_looked_at_stays() throws Exception {
    Plan plan = Folders.mixed(root, Folders.PLANE);
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    PlannedRun left = plan.runs().get(5);
    try (WatchServer server = watch(plan, root)) {
      Browser.open(server.address());
      script("window.mine = 1; em.view.filter = 'T > 0'; em.goTo(3); scrollTo(0, 500)");
      until(() -> count("#claims tr") == 2);
      String step = text("#film-at");
      long rows = rows(left);
      LiveRows live = folder.run(left.id()).liveRows();
      Folders.append(live, left, 90, 150);
      until(() -> rows(left) > rows);
      until(
          () ->
              script(
                      "return em.store.curves.get('test.loss').get(arguments[0])?.x.at(-1)",
                      left.id())
                  .equals(150L));
      assertThat(text(".tiles")).contains("13 complete");
      Folders.store(folder, plan.runs().get(7), Outcome.State.COMPLETE, "");
      until(() -> text(".tiles").contains("14 complete"));
      assertThat(text("#film-at")).isEqualTo(step);
      assertThat(script("return window.mine")).isEqualTo(1L);
      assertThat(script("return em.view.filter")).isEqualTo("T > 0");
      assertThat(script("return scrollY > 300")).isEqualTo(true);
      assertThat(Browser.errors()).isEmpty();
    }
  }

  private static long rows(PlannedRun run) {
    return (Long) script("return em.store.byId.get(arguments[0]).rows", run.id());
  }

  @Test
  void a_page_whose_server_has_ended_says_so_and_keeps_what_it_shows() throws Exception {
    Plan plan = Folders.mixed(root, Folders.PLANE);
    WatchServer server = watch(plan, root);
    Browser.open(server.address());
    assertThat(text("#connection")).startsWith("Live; last change at");
    server.close();
    until(() -> text("#connection").startsWith("Not connected since"));
    assertThat(count("#grid button")).isEqualTo(18);
  }

  @Test
  void a_page_from_elsewhere_cannot_read_it() throws Exception {
    Plan plan = Folders.mixed(root, Folders.PLANE);
    try (WatchServer server = watch(plan, root);
        WatchServer other = watch(plan, root)) {
      Browser.open(other.address());
      String answer =
          (String)
              Browser.async(
                  "try { return 'read ' + (await (await fetch('"
                      + server.address()
                      + "snapshot')).text()).length } catch (e) { return 'refused' }");
      assertThat(answer).isEqualTo("refused");
      assertThat(
              Browser.async(
                  "try { document.body.innerHTML = '<b>x</b>'; return 'written' }"
                      + " catch (e) { return 'refused' }"))
          .isEqualTo("refused");
      // Later, because what the driver runs at once is not bound by the page's policy.
      assertThat(
              Browser.async(
                  "await new Promise(r => setTimeout(r, 50));"
                      + " try { return eval('1+1') } catch (e) { return 'refused' }"))
          .isEqualTo("refused");
    }
  }

  @Test
  void axe_finds_nothing_serious_on_the_live_page() throws Exception {
    Plan plan = Folders.mixed(root, Folders.PLANE);
    try (WatchServer server = watch(plan, root)) {
      Browser.open(server.address());
      until(() -> count("#claims tr") == 2);
      // axe itself is put in by the driver, which the page's policy does not bind.
      assertThat(Browser.axe()).isEmpty();
    }
  }

  @Test
  void curves_grow_while_a_real_training_runs() throws Exception {
    String yaml =
        Yaml.TINY
            .replace("max_steps: 60", "max_steps: 2000000")
            .replace(
                "stop: {when: plateau, extra: 50%}",
                "stop: {never: true}\n  attention: {film: {frames: 12}}")
            .replace("  copies:\n    grid: {repetition.in_context: [1, 2]}\n", "")
            .replace("count: 2", "count: 1");
    Experiment experiment = Experiment.parse(yaml);
    Interrupt interrupt = Interrupt.onRequest();
    CompletableFuture<Void> training =
        CompletableFuture.runAsync(() -> train(experiment, interrupt));
    try (WatchServer server = watch(experiment.plan(), root)) {
      Browser.open(server.address());
      until(() -> text(".tiles").contains("1 running"));
      until(() -> !text("#curves-note").startsWith("No rows"));
      Object before = script("return Math.max(...em.store.snapshot.runs.map(r => r.rows))");
      until(
          () ->
              !script("return Math.max(...em.store.snapshot.runs.map(r => r.rows))")
                  .equals(before));
      until(() -> count("#heads button") == 1);
      assertThat(Browser.errors()).isEmpty();
    } finally {
      interrupt.request("the test is over");
      training.join();
    }
  }

  private void train(Experiment experiment, Interrupt interrupt) {
    try {
      experiment.run(
          root,
          new RunOptions(
              Optional.of("cpu"), Optional.of(1), a -> true, false, interrupt, Progress.SILENT));
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
