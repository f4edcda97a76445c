package dev.emergence.page;

import static dev.emergence.page.Browser.count;
import static dev.emergence.page.Browser.script;
import static dev.emergence.page.Browser.text;
import static dev.emergence.page.Browser.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import dev.emergence.result.Disk;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import dev.emergence.watch.WatchServer;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;
import org.xml.sax.InputSource;

/** The report in a real browser, opened from its file. */
class ReportPageTest {
  @TempDir private static Path root;

  private static String address;

  @BeforeAll
  static void write() throws Exception {
    Browser.get();
    Folders.report(root, Folders.mixed(root, Folders.PLANE));
    address = root.resolve("report.html").toUri().toString();
  }

  @BeforeEach
  void open() {
    Browser.open(address);
  }

  private static void type(String id, String value) {
    script(
        "const e = document.getElementById(arguments[0]); e.value = arguments[1];"
            + " e.dispatchEvent(new Event('input')); e.dispatchEvent(new Event('change'));",
        id,
        value);
  }

  private static void click(String selector) {
    script("document.querySelector(arguments[0]).click()", selector);
  }

  @Test
  void it_opens_from_a_file_without_any_request_and_counts_every_run() {
    assertThat(text("h1")).isEqualTo("fabricated");
    assertThat(text(".tiles")).contains("18 runs", "13 complete", "1 diverged", "1 failed");
    assertThat(text(".tiles")).contains("1 interrupted", "2 to do");
    assertThat(count("#grid button")).isEqualTo(18);
    assertThat(
            script(
                "return document.getElementById('table').ariaRowCount || "
                    + "document.getElementById('table').getAttribute('aria-rowcount')"))
        .isEqualTo("19");
    assertThat(text("#curves-note")).contains("16 of 18 runs").contains("2 have no rows");
    assertThat(script("return performance.getEntriesByType('resource').length")).isEqualTo(0L);
    assertThat(Browser.errors()).isEmpty();
  }

  /** A page that follows runs has no such section below it. */
  @Test
  void claims_stand_once_with_what_they_state() {
    assertThat(text("#law-title")).isEqualTo("Laws");
    String names =
        "return [...document.querySelectorAll('th, td')]"
            + ".filter(c => c.textContent === 'longer').length";
    assertThat(script(names)).isEqualTo(1L);
    assertThat(text("#page")).contains("best ratio of plateau.steps at T = 128");
  }

  /** Its table is read without script, too, and its chart stands beside it. */
  @Test
  void a_law_stands_once_with_its_table_beside_its_chart() {
    String headings =
        "return [...document.querySelectorAll('h2, h3')]"
            + ".filter(h => ['Laws', 'law'].includes(h.textContent)).length";
    assertThat(script(headings)).isEqualTo(2L);
    assertThat(count("[data-law=law] .pair > .chart .lawchart")).isEqualTo(1);
    assertThat(count(".pair > .chart + div tbody tr")).isEqualTo(4);
    assertThat(text(".pair > .chart")).contains("11 emerged");
    assertThat(text(".pair > .chart + div")).contains("95% interval", "least squares");
  }

  @Test
  void states_are_told_apart_without_colour_and_bad_runs_say_why() {
    assertThat(text("#grid")).contains("×", "!", "?", ">", "·");
    assertThat(text("#trouble")).contains("test.loss is NaN at step 60", "out of memory");
    assertThat(text("#trouble")).contains("not emerged by its end");
    script("document.querySelectorAll('#trouble li')[1].querySelector('button').click()");
    until(() -> text("#run").contains("What computed it"));
    assertThat(text("#run")).contains("out of memory", "task.dim", "device", "a test");
    assertThat(text("#run")).contains("emergence run experiment.yaml --out .");
  }

  @Test
  void a_filter_hides_runs_everywhere_and_a_wrong_name_gets_a_suggestion() {
    type("filter", "d = 16 and state != unreached and plateau > 0");
    until(() -> text("#filter-said").equals("5 of 18 runs"));
    until(() -> text("#curves-note").contains("5 of 5 runs"));
    assertThat(count("#table tbody tr[data-run]")).isEqualTo(5);
    assertThat(count("#grid button:not(.out)")).isEqualTo(5);
    type("filter", "plateu > 5");
    until(() -> text("#filter-said").contains("did you mean 'plateau'?"));
    type("filter", "alert(1)");
    until(() -> text("#filter-said").length() > 0);
    assertThat(text("#filter-said")).contains("alert");
  }

  @Test
  void hovering_names_the_nearest_curves_and_their_values() {
    var canvas = Browser.get().findElement(org.openqa.selenium.By.cssSelector("#plot .u-over"));
    script("document.getElementById('plot').scrollIntoView({block: 'center'})");
    new Actions(Browser.get()).moveToElement(canvas, -200, -40).perform();
    until(() -> !text("#tip").isEmpty());
    assertThat(text("#tip")).contains("step").contains("d = ").contains("seed").contains("more");
    assertThat(
            script(
                "const t = document.getElementById('tip').getBoundingClientRect();"
                    + " return t.left >= 0 && t.right <= innerWidth"))
        .isEqualTo(true);
  }

  @Test
  void one_slider_drives_all_heads_the_strip_and_the_curves_cursor() {
    assertThat(count("#heads button")).isEqualTo(4);
    assertThat(count("#strip button")).isEqualTo(12);
    assertThat((String) script("return document.getElementById('carpet').ariaLabel"))
        .contains("layer 2, head 2", "12 keys down, 12 frames across", "from 0.0");
    String last = text("#heads button[aria-pressed=true]");
    assertThat(last).contains("layer 2, head 2").contains("mass").contains("chance 0.08");
    var slider = Browser.get().findElement(org.openqa.selenium.By.id("film-step"));
    slider.sendKeys(Keys.HOME);
    until(() -> text("#film-at").startsWith("step 0"));
    assertThat(text("#film-at")).contains("before emergence");
    assertThat(text("#heads button[aria-pressed=true]")).isNotEqualTo(last);
    click("#to-crossing");
    until(() -> text("#film-at").contains(", emerged"));
    assertThat(script("return em.view.step")).isNotEqualTo(0L);
    assertThat(count("#strip [aria-current=step].crossing")).isEqualTo(1);
  }

  @Test
  void play_runs_to_the_end_and_stops() {
    var slider = Browser.get().findElement(org.openqa.selenium.By.id("film-step"));
    script("em.goTo(8)");
    click("#play");
    until(() -> script("return em.film.frame").equals(11L));
    until(() -> text("#play").equals("Play"));
    assertThat(slider.getAttribute("value")).isEqualTo("11");
  }

  @Test
  void the_keyboard_moves_in_the_grid_and_opens_a_run() {
    script("document.querySelector('#grid button').focus()");
    new Actions(Browser.get()).sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ENTER).perform();
    until(() -> text("#run h3").contains("T = 128, seed 1"));
    script("document.getElementById('plot').focus()");
    new Actions(Browser.get()).sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT).perform();
    until(() -> String.valueOf(script("return em.live.textContent")).contains("step"));
  }

  @Test
  void the_dark_theme_is_dark_and_axe_finds_nothing_serious_in_either() throws Exception {
    assertThat(Browser.axe()).isEmpty();
    click("#theme");
    assertThat(script("return getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(21, 23, 26)");
    click("#grid button");
    script("document.querySelectorAll('#grid button')[1].click()");
    until(() -> count("#comparison tr") > 1);
    assertThat(Browser.axe()).isEmpty();
  }

  @Test
  void chosen_runs_are_compared_by_what_differs_and_when_they_emerged() {
    script("[0, 3].forEach(i => document.querySelectorAll('#grid button')[i].click())");
    until(() -> count("#comparison tr") > 1);
    assertThat(text("#comparison")).contains("task.sequence_length", "over the first", "emerged");
    assertThat(text("#comparison")).doesNotContain("task.dim");
    script("document.getElementById('all-keys').click()");
    until(() -> text("#comparison").contains("task.dim"));
  }

  @Test
  void twelve_runs_are_compared_with_their_curves_in_one_view() {
    script("em.placed().slice(0, 12).forEach(p => em.view.selected.add(p.run.id))");
    script("em.changed('selection')");
    until(() -> count("#comparison thead th") == 13);
    assertThat(text("#comparison")).contains("task.dim", "task.sequence_length", "test loss");
    assertThat(count("#comparison svg path")).isEqualTo(12);
  }

  @Test
  void a_film_that_comes_late_does_not_take_the_place_of_what_was_chosen_since() {
    Object hidden =
        Browser.async(
            "const ids = em.placed().filter(p => p.run.film).map(p => p.run.id), load ="
                + " em.loadFilm, later = t => new Promise(done => setTimeout(done, t)); let calls ="
                + " 0; em.loadFilm = async id => { if (calls++ === 0) await later(400); return"
                + " load(id); }; em.view.run = ids[0]; em.view.beside = '';"
                + " em.changed('selection'); em.view.beside = ids[1]; em.changed('beside'); await"
                + " later(900); return document.getElementById('heads-beside').hidden");
    assertThat(hidden).isEqualTo(false);
  }

  @Test
  void two_films_run_by_one_clock_beside_each_other_with_their_difference() {
    script(
        "const ids = em.placed().filter(p => p.run.film).map(p => p.run.id);"
            + " [em.view.run, em.view.beside] = [ids[0], ids[ids.length - 1]];"
            + " em.changed('selection')");
    until(() -> count("#heads-beside button") == 4);
    assertThat(count("#strip-beside button")).isEqualTo(12);
    script("em.goTo(4)");
    String at = text("#film-at");
    assertThat(at).contains("| beside: step");
    assertThat(text("#difference-note")).contains("the upper run less the lower", "from -1 to 1");
    type("film-clock", "relative");
    until(() -> !text("#film-at").equals(at));
    // At the emergence of the one the other has emerged too, at another step.
    click("#to-crossing");
    until(() -> text("#film-at").contains(", emerged"));
    assertThat(
            script(
                "const f = em.film, t = f.frames[f.frame]; return f.views.map(v =>"
                    + " v.film.frames[em.frameAt(v, t)].step / em.emergence(v.place.place).step)"
                    + ".every(r => r > 0.7 && r < 1.6)"))
        .isEqualTo(true);
    type("film-beside", "");
    until(() -> count("#heads-beside[hidden]") == 1);
  }

  @Test
  void who_asks_for_less_motion_steps_through_the_film() {
    script("em.reducedMotion = () => true; em.goTo(3)");
    click("#play");
    until(() -> script("return em.film.frame").equals(4L));
    assertThat(script("return em.film.timer")).isEqualTo(0L);
    assertThat(text("#play")).isEqualTo("Play");
  }

  @Test
  void no_script_of_ours_writes_markup_or_runs_text() throws Exception {
    try (var files = Files.list(Path.of("java/resources/dev/emergence/page/js"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        assertThat(Files.readString(file))
            .as(file.toString())
            .doesNotContain(
                "innerHTML",
                "outerHTML",
                "insertAdjacent",
                "document.write",
                "eval(",
                "new Function");
      }
    }
  }

  @Test
  void the_view_is_in_the_address() {
    type("filter", "T = 64");
    script("em.view.logX = true; em.view.color = 'task.sequence_length'; em.changed('color')");
    String link = (String) script("return location.href");
    assertThat(link.length() - link.indexOf('#')).isLessThan(500);
    Browser.open(link);
    assertThat(text("#filter-said")).isEqualTo("9 of 18 runs");
    assertThat(script("return document.getElementById('log-x').checked")).isEqualTo(true);
    assertThat(text("#curves-legend")).contains("T = 64");
  }

  @Test
  void a_link_put_into_an_open_page_shows_what_it_names_and_nothing_of_before() {
    type("filter", "T = 64");
    click("#grid button");
    script("location.hash = 'metric=attention.relevant&smooth=0.9&logX=1&step=20'");
    until(() -> script("return em.view.metric").equals("attention.relevant"));
    until(() -> script("return em.drawn.lines.length").equals(16L));
    assertThat(script("return document.getElementById('smooth').value")).isEqualTo("0.9");
    assertThat(script("return document.getElementById('log-x').checked")).isEqualTo(true);
    assertThat(script("return document.getElementById('filter').value + em.view.selected.size"))
        .isEqualTo("0");
    assertThat((String) script("return location.hash"))
        .contains("smooth=0.9")
        .doesNotContain("filter", "selected");
  }

  @Test
  void what_is_shown_is_saved_as_csv_svg_and_png() throws Exception {
    String csv = (String) Browser.async("return await em.tableCsv().text()");
    assertThat(csv.lines()).hasSize(19);
    assertThat(csv.lines().findFirst().orElseThrow()).startsWith("run,d,T,seed,state,plateau");
    String rows = (String) Browser.async("return await (await em.curvesCsv()).text()");
    assertThat(rows.lines().count()).isGreaterThan(300);
    String svg = (String) script("return em.curvesSvg()");
    assertThat(svg.length()).isLessThan(300_000);
    var parsed =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    assertThat(parsed.getDocumentElement().getTextContent()).contains("test loss", "d = 16");
    assertThat(Browser.async("return (await em.curvesPng()).size > 10000")).isEqualTo(true);
    double wide = Double.parseDouble(parsed.getDocumentElement().getAttribute("width"));
    assertThat(Browser.async("return (await createImageBitmap(await em.curvesPng())).width"))
        .as("two pixels a unit")
        .isEqualTo(Math.round(2 * wide));
    click("#theme");
    assertThat(script("return em.curvesSvg()")).as("in light colours").isEqualTo(svg);
    click("#theme");
    assertThat(script("return em.csvCell('=1+1') + em.csvCell(0.1) + em.csvCell('a,\"b')"))
        .isEqualTo("'=1+10.1\"a,\"\"b\"");
  }

  @Test
  void a_saved_picture_keeps_each_spike_and_end_and_the_raw_lines_under_smooth_ones() {
    assertThat(
            script(
                "return JSON.stringify(em.fewer([['1', 5], ['1', 6], ['1', 2], ['1', 9], ['1', 7],"
                    + " ['1', 8], ['2', 3], ['2', 3]]))"))
        .isEqualTo("[[\"1\",5],[\"1\",2],[\"1\",9],[\"1\",8],[\"2\",3],[\"2\",3]]");
    // A thousand rows in one run: the one far above the others is in the picture.
    script(
        "const l = em.drawn.lines[0]; l.x = [...Array(1000).keys()].map(i => i * 0.3);"
            + " l.y = l.x.map((x, i) => i === 501 ? 0.5 : 0.1)");
    String drawn =
        "const d = em.curvesSvg().match(/<path d=.([^>]*)><title>/)[1].split('\"')[0];"
            + " const ys = [...d.matchAll(/ ([0-9.]+)/g)]"
            + ".map(m => +m[1]); return ys.filter(y => y < ys[0] - 10).length";
    assertThat(script(drawn)).isEqualTo(1L);
    type("smooth", "0.9");
    until(() -> script("return em.drawn.lines[0].raw !== null").equals(true));
    assertThat((String) script("return em.curvesSvg()")).contains("stroke-opacity=\"0.33\"");
    type("smooth", "0");
  }

  @Test
  void a_picture_is_saved_only_while_a_line_is_drawn() {
    String off = "#curves .export:disabled";
    until(() -> count(off) == 0);
    type("filter", "seed = 99");
    until(() -> count(off) == 2);
    click("#curves [data-kind=svg]");
    click("#curves [data-kind=png]");
    assertThat(Browser.errors()).isEmpty();
    type("filter", "");
    until(() -> count(off) == 0);
  }

  @Test
  void texts_of_files_and_logs_stay_texts(@TempDir Path other) throws Exception {
    String evil = "</script><!--<img src=x onerror=document.title=1>'\"&";
    String yaml =
        Edited.text(
            Folders.PLANE,
            "How does the plateau grow with d and T?",
            "\"" + evil.replace("\"", "\\\"") + "\"");
    var plan = Folders.mixed(other, yaml);
    var folder = ResultsFolder.open(other, Disk.local());
    Folders.store(folder, plan.runs().get(3), Outcome.State.FAILED, ("\u202e" + evil).repeat(100));
    Folders.report(other, plan);
    Browser.open(other.resolve("report.html").toUri().toString());
    assertThat(text(".question")).contains("</script><!--<img src=x").contains("'\"&");
    assertThat(text("#trouble")).contains("onerror=document.title=1");
    assertThat(count("img")).isZero();
    assertThat(script("return document.title")).isEqualTo("fabricated");
    assertThat(Browser.errors()).isEmpty();
  }

  @Test
  void arithmetic_of_the_page_is_right() {
    assertThat(script("return em.smooth([3, 3, 3], 0.9).map(v => v.toFixed(12)).join()"))
        .isEqualTo("3.000000000000,3.000000000000,3.000000000000");
    assertThat(
            script(
                "return em.smooth([1, 2, 4, 8], 0.6).slice(0, 3).join() === "
                    + "em.smooth([1, 2, 4], 0.6).join()"))
        .isEqualTo(true);
    assertThat(
            script(
                "return em.ticks(1e-6, 1e-5, true).filter(v => [1e-6, 1e-5].includes(v))"
                    + ".length"))
        .isEqualTo(2L);
    assertThat(script("return em.quantile([1, 2, 3, 4], 0.25)")).isEqualTo(1.75);
    assertThat(
            script(
                "return JSON.stringify(em.bands([{x: [0, 5, 10], y: [1, 2, 3]}, {x: [0, 10], y: [3,"
                    + " 5]}, {x: [0, 10, 20], y: [2, 4, 6]}]).map(r => [r.step, r.n, r.mid]))"))
        .isEqualTo("[[0,3,2],[10,3,4],[20,1,6]]");
    assertThat(
            script(
                "return em.applyPatch({a: 1, b: 2, runs: [{id: 'x', v: 1}, {id: 'y', v: 1}]},"
                    + " {b: 3, runs: [{id: 'y', v: 2}]}).runs[1].v"))
        .isEqualTo(2L);
    assertThat(script("return em.tokens('d>=16 and(T!=\"a b\")').length")).isEqualTo(9L);
  }

  @Test
  void three_hundred_runs_open_quickly_in_one_file_of_five_megabytes(@TempDir Path other)
      throws Exception {
    String yaml =
        Edited.text(
            Folders.PLANE,
            "[16, 32, 64]",
            "[8, 16, 24, 32, 40]",
            "[64, 128]",
            "[32, 48, 64, 80, 96]",
            "{first: 0, count: 3}",
            "{first: 0, count: 12}",
            "baseline: {T: 128}",
            "baseline: {T: 96}");
    var plan = Folders.whole(other, yaml);
    Path report = other.resolve("report.html");
    assertThat(Files.size(report)).isLessThan(5_000_000);
    long took = Browser.open(report.toUri().toString());
    System.out.println(
        "a report of 300 runs: " + Files.size(report) / 1000 + " kB, open in " + took + " ms");
    assertThat(text(".tiles")).contains("300 runs");
    assertThat(text("#curves-note")).contains("300 of 300 runs");
    assertThat(count("*")).isLessThan(15_000);
    assertThat(count("canvas")).isLessThan(60);
    assertThat(count("#table tbody tr[data-run]")).isLessThan(100);
    assertThat(Browser.errors()).isEmpty();
    assertThat(((String) script("return em.curvesSvg()")).length()).isLessThan(300_000);
    long began = System.nanoTime();
    try (WatchServer server =
        WatchServer.start(
            plan, ResultsFolder.open(other, Disk.local()), 0, Duration.ofSeconds(1))) {
      long ready = (System.nanoTime() - began) / 1_000_000;
      took = Browser.open(server.address());
      System.out.println("the same live: served after " + ready + " ms, open in " + took + " ms");
      assertThat(text(".tiles")).contains("300 runs");
      assertThat(text("#curves-note")).contains("300 of 300 runs");
      assertThat(Browser.errors()).isEmpty();
    }
  }
}
