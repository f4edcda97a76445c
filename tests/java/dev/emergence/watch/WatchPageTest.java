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
import java.nio.file.Files;
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

  static WatchServer watch(Plan plan, Path root) throws Exception {
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
      until(() -> count("#heads button") == 4);
      script("window.mine = 1; em.view.filter = 'T > 0'; em.goTo(3); scrollTo(0, 500)");
      until(() -> count("#claims tr") == 2);
      String step = text("#film-at");
      long rows = rows(left);
      LiveRows live = folder.run(left.id()).liveRows();
      Folders.append(live, left, 90, 150);
      until(() -> rows(left) > rows);
      until(() -> lastStep(left).equals(150L));
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

  @Test
  void what_is_opened_and_where_the_keyboard_is_stays_with_new_rows() throws Exception {
    Plan plan = Folders.mixed(root, Folders.PLANE);
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    PlannedRun left = plan.runs().get(5);
    try (WatchServer server = watch(plan, root)) {
      Browser.open(server.address());
      until(() -> count("[data-law]") == 1);
      script("em.open('" + left.id() + "')");
      script("document.querySelectorAll('#curves-table, .law-table').forEach(d => d.open = true)");
      until(() -> count("#curves-table tbody tr") == 16 && count(".law-table tbody tr") > 0);
      script("document.querySelector('#curves-table .window').scrollTop = 17");
      script("document.querySelectorAll('#table tbody input')[3].focus()");
      script("window.old = [...document.querySelectorAll('#table, #curves-table, .law-table')]");
      Object focused = script("return document.activeElement.ariaLabel");
      Folders.append(folder.run(left.id()).liveRows(), left, 90, 150);
      Folders.store(folder, plan.runs().get(7), Outcome.State.COMPLETE, "");
      until(() -> script("return old.some(e => e.isConnected)").equals(false));
      until(() -> count("#curves-table tbody tr") == 17 && count(".law-table tbody tr") > 0);
      assertThat(script("return document.activeElement.ariaLabel")).isEqualTo(focused);
      assertThat(script("return document.querySelector('#curves-table .window').scrollTop"))
          .isEqualTo(17L);
    }
  }

  @Test
  void the_chosen_part_of_the_steps_and_the_cursor_stay_with_new_rows() throws Exception {
    Plan plan = Folders.mixed(root, Folders.PLANE);
    PlannedRun left = plan.runs().get(5);
    LiveRows live = ResultsFolder.open(root, Disk.local()).run(left.id()).liveRows();
    try (WatchServer server = watch(plan, root)) {
      Browser.open(server.address());
      until(() -> count("[data-law]") == 1);
      script("em.chart.setScale('x', {min: 20, max: 120})");
      until(() -> !text("#zoom-note").isEmpty());
      script("em.chart.setCursor({left: em.chart.valToPos(70, 'x'), top: 99})");
      redrawn(() -> Folders.append(live, left, 90, 120));
      assertThat(script("const {min, max} = em.chart.scales.x; return `${min} ${max}`"))
          .isEqualTo("20 120");
      assertThat(text("#zoom-note")).contains("before it", "after it");
      assertThat(text("#tip")).startsWith("step 70");
      // While the mouse chooses a part, the chart that it drags on stays.
      script("window.chart = em.chart");
      String mouse = "document.querySelector('#plot .u-over').dispatchEvent(new MouseEvent('%s', ";
      script(mouse.formatted("mousedown") + "{bubbles: true, clientX: 200, clientY: 200}))");
      Folders.append(live, left, 130, 150);
      until(() -> lastStep(left).equals(150L));
      assertThat(script("return em.chart === chart")).isEqualTo(true);
      script(mouse.formatted("mouseup") + "{bubbles: true, clientX: 200, clientY: 200}))");
      until(() -> script("return em.chart !== chart").equals(true));
    }
  }

  /** Changes something and waits until the chart has been drawn anew. */
  private static void redrawn(Runnable change) {
    script("window.chart = em.chart");
    change.run();
    until(() -> script("return Boolean(em.chart) && em.chart !== chart").equals(true));
  }

  private static Object lastStep(PlannedRun run) {
    return script("return em.store.curves.get('test.loss').get(arguments[0])?.x.at(-1)", run.id());
  }

  private static long rows(PlannedRun run) {
    return (Long) script("return em.store.byId.get(arguments[0]).rows", run.id());
  }

  @Test
  void curves_that_come_late_do_not_count_for_what_is_looked_at_since() throws Exception {
    try (WatchServer server = watch(Folders.mixed(root, Folders.PLANE), root)) {
      Browser.open(server.address());
      until(() -> count("#claims tr") == 2);
      script(
          "em.store.curves.clear(); const fetched = em.fetchJson; window.late = [];"
              + " em.fetchJson = async path => { if (path.includes('curves'))"
              + " await new Promise(r => late.push(r)); return fetched(path); };"
              + " em.view.filter = 'd = 16'; em.changed('filter');"
              + " em.view.filter = 'd = 64 and T = 64'; em.changed('filter')");
      until(() -> script("return late.length").equals(2L));
      script("late[1]()");
      until(() -> text("#curves-note").startsWith("1 of 3 runs."));
      script("late[0]()");
      Browser.async("await new Promise(r => setTimeout(r, 300))");
      assertThat(text("#curves-note")).startsWith("1 of 3 runs.");
    }
  }

  @Test
  void a_page_whose_runs_had_all_ended_says_that_it_is_finished_and_warns_of_nothing()
      throws Exception {
    Plan plan = Folders.whole(root, Folders.PLANE);
    WatchServer server = watch(plan, root);
    Browser.open(server.address());
    server.close();
    until(() -> text("#connection").startsWith("Finished: all runs had ended"));
    assertThat(count("#connection.lost")).isZero();
  }

  @Test
  void a_page_hears_how_the_last_run_ended_before_its_server_ends() throws Exception {
    Plan plan = Folders.mixed(root, Folders.PLANE);
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    // It looks at the folder at its start and at its end only.
    WatchServer server = WatchServer.start(plan, folder, 0, Duration.ofHours(1));
    Browser.open(server.address());
    until(() -> script("return em.stream.readyState").equals(1L));
    for (int i : new int[] {5, 7, 8}) {
      Folders.store(folder, plan.runs().get(i), Outcome.State.COMPLETE, "");
    }
    server.close();
    until(() -> text("#connection").startsWith("Finished: all runs had ended"));
    assertThat(text(".tiles")).contains("16 complete");
    until(() -> text("#curves-note").contains("18 of 18 runs"));
  }

  @Test
  void a_run_whose_worker_is_gone_is_interrupted_with_its_last_step_and_its_age() throws Exception {
    Plan plan = Folders.mixed(root, Folders.PLANE);
    try (WatchServer server = watch(plan, root)) {
      Browser.open(server.address());
      script("em.open('" + plan.runs().get(5).id() + "')");
      until(() -> text("#run").contains("last wrote"));
      assertThat(text("#run")).contains("interrupted", "at step 80", "ago");
    }
  }

  @Test
  void a_folder_that_is_moved_away_and_back_is_shown_again_and_asks_nobody_else() throws Exception {
    Path home = root.resolve("home");
    Plan plan = Folders.mixed(home, Folders.PLANE);
    try (WatchServer server = watch(plan, home)) {
      Browser.open(server.address());
      until(() -> count("#claims tr") == 2);
      Files.move(home, root.resolve("elsewhere"));
      Thread.sleep(500); // some looks at nothing
      Files.move(root.resolve("elsewhere"), home);
      until(() -> text(".tiles").contains("13 complete"));
      assertThat(
              script(
                  "return performance.getEntriesByType('resource').every(e => e.name.startsWith('"
                      + server.address()
                      + "'))"))
          .isEqualTo(true);
      assertThat(Browser.errors()).isEmpty();
    }
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
