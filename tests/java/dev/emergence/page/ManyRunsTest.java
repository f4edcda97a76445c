package dev.emergence.page;

import static dev.emergence.page.Browser.async;
import static dev.emergence.page.Browser.count;
import static dev.emergence.page.Browser.script;
import static dev.emergence.page.Browser.text;
import static dev.emergence.page.Browser.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.campaign.Campaign;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Disk;
import dev.emergence.result.Origin;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import dev.emergence.watch.WatchServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A page of many runs: 600 with every build, and 300, 1,000 and 5,000 in a campaign, which shows
 * its times.
 */
class ManyRunsTest {
  private static final int SEEDS = 5;

  @TempDir Path root;

  @BeforeEach
  void browser() {
    Browser.get();
  }

  @Test
  void nothing_is_left_out_of_a_page_of_many_runs_and_it_stays_small() throws Exception {
    int[] usual = Campaign.isFull() ? new int[] {300, 1000, 5000} : new int[] {600};
    Integer one = Integer.getInteger("emergence.size");
    for (int runs : one == null ? usual : new int[] {one}) {
      Path folder = root.resolve(String.valueOf(runs));
      look(folder, whole(folder, runs), runs);
    }
  }

  /** All runs stored but the last. */
  private static Plan whole(Path root, int runs) throws Exception {
    int conditions = runs / SEEDS;
    String lengths =
        IntStream.range(0, conditions / 10)
            .mapToObj(i -> String.valueOf(30 + i))
            .collect(Collectors.joining(", ", "[", "]"));
    Plan plan =
        Yaml.plan(
            Folders.PLANE
                .replace("[16, 32, 64]", "[2, 4, 6, 8, 12, 16, 20, 24, 28, 32]")
                .replace("[64, 128]", lengths)
                .replace("count: 3", "count: " + SEEDS)
                .replace("baseline: {T: 128}", "baseline: {T: 30}"));
    assertThat(plan.runs()).hasSize(runs);
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    folder.writePlan(plan, Origin.of("fabricated.yaml", "name: fabricated"));
    for (PlannedRun p : plan.runs().subList(0, runs - 1)) {
      Folders.store(folder, p, Outcome.State.COMPLETE, "");
    }
    return plan;
  }

  private static double own() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
  }

  private static void look(Path root, Plan plan, int runs) throws Exception {
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    long began = System.nanoTime();
    double server = own();
    try (WatchServer watch = WatchServer.start(plan, folder, 0, Duration.ofSeconds(1))) {
      long served = (System.nanoTime() - began) / 1_000_000;
      double reading = own() - server;
      long open = Browser.open(watch.address());
      counted(plan, runs);
      long filter = timed("em.view.filter = 'd > 12 and seed < 4'; em.changed('filter')");
      assertThat(text("#curves-note")).contains(" of " + runs * 2 / 5 + " runs.");
      timed("em.view.filter = ''; em.changed('filter')");
      long hover = hover();
      long update = update(folder, plan.runs().get(runs - 1), runs);
      everyRow(plan, runs);
      assertThat(Browser.errors()).isEmpty();
      String line =
          "page of %d runs: read in %d ms (%.0f ms of CPU), open in %d ms, filter %d ms, 100"
              + " moves of the cursor %d ms, a new run seen after %d ms";
      Object[] values = {runs, served, reading, open, filter, hover, update};
      System.out.printf(line + "%n", values);
      Campaign.figure(line, values);
    }
  }

  private static void counted(Plan plan, int runs) {
    int stored = runs - 1;
    assertThat(text(".tiles")).contains(runs + " runs", stored + " complete", "1 to do");
    assertThat(script("return document.getElementById('table').getAttribute('aria-rowcount')"))
        .isEqualTo(String.valueOf(runs + 1));
    assertThat(script("return document.getElementById('grid').getAttribute('aria-rowcount')"))
        .isEqualTo(String.valueOf(runs / SEEDS + 1));
    assertThat(text("#curves-note")).startsWith(stored + " of " + runs + " runs");
    assertThat(count("*")).isLessThan(15_000);
    assertThat(count("canvas")).isLessThan(60);
  }

  /** Milliseconds of something that draws the curves anew, until they are drawn. */
  private static long timed(String change) {
    return (Long)
        async(
            "const t = performance.now(); "
                + change
                + "; await em.drawCurves(); await new Promise(r => requestAnimationFrame(r));"
                + " return Math.round(performance.now() - t)");
  }

  /** The box of the cursor lies inside the window in all four corners. */
  private static long hover() {
    script("document.getElementById('plot').scrollIntoView({block: 'center'})");
    for (double[] corner :
        List.of(
            new double[] {.02, .02},
            new double[] {.98, .02},
            new double[] {.02, .98},
            new double[] {.98, .98})) {
      Object inside =
          script(
              "const u = em.chart; u.setCursor({left: arguments[0] * u.over.clientWidth, top:"
                  + " arguments[1] * u.over.clientHeight}); em.hover(u); const t ="
                  + " em.curvesView.tip; if (t.hidden) return true; const r ="
                  + " t.getBoundingClientRect(); return r.left >= 0 && r.top >= 0 && r.right <="
                  + " innerWidth && r.bottom <= innerHeight",
              corner[0],
              corner[1]);
      assertThat(inside).isEqualTo(true);
    }
    long took =
        (Long)
            script(
                "const u = em.chart, t = performance.now(); for (let i = 0; i < 100; i++) {"
                    + " u.setCursor({left: 20 + i, top: 60}); em.hover(u); }"
                    + " return Math.round(performance.now() - t)");
    assertThat(text("#tip")).contains(" more");
    assertThat(count("#tip > div")).isEqualTo(6);
    assertThat(script("return em.hovered !== ''")).isEqualTo(true);
    return took;
  }

  private static long update(ResultsFolder folder, PlannedRun last, int runs) throws Exception {
    long began = System.nanoTime();
    Folders.store(folder, last, Outcome.State.COMPLETE, "");
    until(() -> text(".tiles").contains(runs + " complete"));
    until(() -> text("#curves-note").startsWith(runs + " of " + runs + " runs"));
    return (System.nanoTime() - began) / 1_000_000;
  }

  /** CSV of all runs has every row that is stored, with all digits. */
  private static void everyRow(Plan plan, int runs) throws Exception {
    long expected =
        plan.runs().stream()
            .map(PlannedRun::run)
            .mapToLong(
                run -> {
                  double crossing = Folders.crossing(run.config(), run.seed());
                  return Folders.curve(crossing, Folders.end(run)).size();
                })
            .sum();
    script("em.shown().forEach(p => em.view.selected.add(p.run.id))");
    assertThat(
            async(
                "const lines = (await (await em.curvesCsv()).text()).trimEnd().split('\\n');"
                    + " em.csv = lines; return lines.length - 1"))
        .isEqualTo(expected);
    double first =
        Folders.curve(
                Folders.crossing(
                    plan.runs().get(0).run().config(), plan.runs().get(0).run().seed()),
                100)
            .values()[1][0];
    assertThat(
            (String)
                script(
                    "return em.csv.find(l => l.startsWith(arguments[0]) && l.includes(',10.0,'))",
                    plan.runs().get(0).id()))
        .endsWith("," + first);
  }
}
