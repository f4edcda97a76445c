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
import java.util.ArrayList;
import java.util.List;
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
  void details_stay_without_the_server_and_those_that_were_never_read_are_missed_aloud()
      throws Exception {
    Plan plan = Folders.mixed(root, Folders.PLANE);
    String missing = "Its settings, what computed it and its log could not be read.";
    WatchServer server = watch(plan, root);
    Browser.open(server.address());
    script("em.open('" + plan.runs().get(0).id() + "')");
    until(() -> text("#run").contains("What computed it"));
    server.close();
    until(() -> text("#connection").startsWith("Not connected since"));
    script("em.open('" + plan.runs().get(2).id() + "')");
    until(() -> text("#run").contains(missing));
    script("em.open('" + plan.runs().get(0).id() + "')");
    until(() -> text("#run").contains("What computed it"));
    assertThat(text("#run")).doesNotContain(missing);
  }

  @Test
  void what_cannot_be_saved_without_the_server_is_said() throws Exception {
    WatchServer server = watch(Folders.mixed(root, Folders.PLANE), root);
    Browser.open(server.address());
    server.close();
    script("document.querySelector('#curves [data-kind=csv]').click()");
    until(() -> text("#curves .exports").contains("not saved"));
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
  void a_page_that_lost_its_server_for_a_while_has_no_row_twice_and_none_less() throws Exception {
    Plan plan = Folders.mixed(root, Folders.PLANE);
    PlannedRun left = plan.runs().get(5);
    LiveRows live = ResultsFolder.open(root, Disk.local()).run(left.id()).liveRows();
    try (WatchServer server = watch(plan, root)) {
      Browser.open(server.address());
      script("em.stream.dispatchEvent(new Event('error')); em.stream.close()");
      until(() -> text("#connection").startsWith("Not connected since"));
      Folders.append(live, left, 90, 120);
      Thread.sleep(400); // some looks of the server, which the page does not hear of
      Folders.append(live, left, 130, 150);
      script("em.listen()");
      until(() -> text("#connection").startsWith("Live"));
      String steps = "em.store.curves.get('test.loss').get('" + left.id() + "')?.x";
      until(() -> script("return " + steps + "?.at(-1)").equals(150L));
      assertThat(script("return [..." + steps + "].join()"))
          .isEqualTo("0,10,20,30,40,50,60,70,80,90,100,110,120,130,140,150");
    }
  }

  @Test
  void a_change_while_the_stream_is_on_its_way_is_not_missed() throws Exception {
    Plan plan = Folders.mixed(root, Folders.PLANE);
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    try (WatchServer server = watch(plan, root)) {
      Browser.open(server.address());
      until(() -> count("#claims tr") == 2);
      script("em.stream.close()");
      Folders.store(folder, plan.runs().get(7), Outcome.State.COMPLETE, "");
      until(() -> fetched("s.runs.filter(r => r.state === 'complete').length").equals(14L));
      // Fits follow the run by a look or more; nothing comes after them.
      until(() -> fetched("s.seq").equals(fetched("s.seq", 1000)));
      script("em.listen()");
      until(() -> text(".tiles").contains("14 complete"));
    }
  }

  /** Of the snapshot that the server has by now. */
  private static Object fetched(String what) {
    return fetched(what, 0);
  }

  private static Object fetched(String what, int milliseconds) {
    return Browser.async(
        "await new Promise(r => setTimeout(r, "
            + milliseconds
            + ")); const s = await em.fetchJson('snapshot'); return "
            + what);
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

  /** Two folders, {@code a} and {@code b}, of two files. */
  private WatchServer watchTwo(String first, String second) throws Exception {
    List<WatchServer.Folder> folders = new ArrayList<>();
    for (String yaml : List.of(first, second)) {
      String name = folders.isEmpty() ? "a" : "b";
      Path home = root.resolve(name);
      Plan plan = Folders.mixed(home, yaml);
      folders.add(new WatchServer.Folder(name, plan, ResultsFolder.open(home, Disk.local())));
    }
    return WatchServer.start(folders, 0, Duration.ofMillis(100));
  }

  @Test
  void a_link_names_the_chosen_runs_of_two_folders() throws Exception {
    try (WatchServer server = watchTwo(Folders.PLANE, Folders.PLANE)) {
      Browser.open(server.address());
      script("[0, 30].forEach(i => em.toggle(em.placed()[i].key))");
      Browser.open(server.address() + script("return location.hash"));
      assertThat(count("#grid button[aria-pressed=true]")).isEqualTo(2);
    }
  }

  @Test
  void chosen_runs_of_two_folders_show_what_differs_between_their_files() throws Exception {
    String other = Folders.PLANE.replace("evaluate_every: 10", "evaluate_every: 5");
    try (WatchServer server = watchTwo(Folders.PLANE, other)) {
      Browser.open(server.address());
      server.close();
      script("[0, 18].forEach(i => em.toggle(em.placed()[i].key))");
      until(() -> count("#comparison tr") > 1);
      assertThat(text("#comparison"))
          .contains("folder\ta\tb", "measurement.evaluate_every\t10\t5")
          .doesNotContain("seed", "task.dim");
    }
  }

  @Test
  void two_folders_share_a_page_on_which_each_run_opens() throws Exception {
    String other = Folders.PLANE.replace("[16, 32, 64]", "[8, 16, 32]");
    try (WatchServer server = watchTwo(Folders.PLANE, other)) {
      Browser.open(server.address());
      assertThat(text(".tiles")).contains("36 runs");
      assertThat(text("#curves-legend")).contains("folder = a", "folder = b");
      assertThat(count("#grid button")).isEqualTo(36);
      script("document.getElementById('filter').value = 'folder = b and d = 16'");
      script("document.getElementById('filter').dispatchEvent(new Event('input'))");
      until(() -> text("#curves-note").contains("6 runs"));
      // The same condition of both folders: only the folder differs.
      script("em.view.filter = ''; em.changed('filter')");
      script(
          "const done = em.placed().filter(p => p.run.film && p.run.state === 'complete');"
              + " const same = (a, b) => ['task.dim', 'task.sequence_length'].every(k =>"
              + " a.values[k] === b.values[k]) && a.values.folder !== b.values.folder;"
              + " const a = done.find(p => done.some(q => same(p, q)));"
              + " [a, done.find(q => same(a, q))].forEach(p => em.toggle(p.run.id))");
      until(() -> count("#comparison tr") > 1);
      assertThat(text("#comparison")).contains("over the first").doesNotContain("task.dim");
      until(() -> count("[data-law]") == 2);
      assertThat(text("#law")).contains("a: law", "b: law");
      until(() -> text("#run").contains("What computed it"));
      script("document.getElementById('films-beside').click()");
      until(() -> count("#heads-beside button") == 4);
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
