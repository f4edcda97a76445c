package dev.emergence.page;

import static dev.emergence.page.Browser.count;
import static dev.emergence.page.Browser.script;
import static dev.emergence.page.Browser.text;
import static dev.emergence.page.Browser.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.emergence.analysis.Center;
import dev.emergence.spec.Numeral;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the learning curves say about groups, gaps, axes and colours. */
class CurvesPageTest {
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

  private static void set(String view) {
    script(view + "; em.changed('view')");
  }

  @Test
  void a_threshold_that_a_condition_does_not_have_shows_no_other_ones_numbers() {
    assertThat(text(".tiles")).contains(" emerged").doesNotContain("(");
    script(
        "const s = em.store.snapshot; em.setSnapshot({...s, thresholds: [...s.thresholds,"
            + " {...s.thresholds[0], name: 'late'}]})");
    set("em.view.threshold = 'late'");
    assertThat(script("return em.placed().every(p => em.emergence(p.place).state === 'none')"))
        .isEqualTo(true);
    assertThat(count("#grid button.emerged")).isZero();
    assertThat(text("#grid-legend")).startsWith("No run has emerged yet");
    assertThat(text(".tiles")).contains("0 emerged (late)");
    set("em.view.filter = 'late > 0'");
    until(() -> text("#filter-said").equals("0 of 18 runs"));
    set("em.view.filter = ''; em.placed().slice(9, 12).forEach(p => em.toggle(p.run.id))");
    until(() -> text("#comparison").contains("emerged (late)"));
    assertThat(text("#comparison")).contains("complete").doesNotContain("reached");
    // A name that nothing bears, as of an old link, is as good as none.
    set("em.view.threshold = 'gone'");
    assertThat(count("#grid button.emerged")).isPositive();
    assertThat(Browser.errors()).isEmpty();
  }

  @Test
  void groups_are_conditions_and_each_axis_is_merged_by_one_click() {
    set("em.view.group = 'median'");
    until(() -> text("#curves-note").startsWith("6 groups of 18 runs"));
    assertThat(script("return em.drawn.lines[0].name")).isEqualTo("d = 16, T = 64, median of 3");
    script("document.querySelector('#merge [data-axis=\"task.dim\"]').click()");
    until(() -> text("#curves-note").startsWith("2 groups"));
    assertThat(script("return em.drawn.lines.map(l => l.name).join('; ')"))
        .isEqualTo("T = 64, median of 7; T = 128, median of 9");
    set("em.view.members = true");
    until(() -> script("return em.drawn.lines.length").equals(18L));
    assertThat(script("return em.drawn.lines.filter(l => l.faint).length")).isEqualTo(16L);
  }

  @Test
  void a_group_has_a_value_only_where_rows_are_and_says_of_how_many() {
    // Seeds that were evaluated at other steps and ended at 300, 400 and 900: what all share that
    // have come so far.
    String curves =
        "[[30, 300], [40, 400], [60, 900]].map(([every, end]) => { const x = [];"
            + " for (let s = 0; s <= end; s += every) x.push(s); return {x, y: x.map(() => 1)}; })";
    assertThat(script("return em.bands(" + curves + ").map(r => r.step + ' of ' + r.n).join()"))
        .isEqualTo(
            "0 of 3,120 of 3,240 of 3,360 of 2,420 of 1,480 of 1,540 of 1,600 of 1,660 of 1,"
                + "720 of 1,780 of 1,840 of 1,900 of 1");
    // One that measured nothing at its end has come as far as its last value.
    assertThat(
            script(
                "return em.bands([{x: [0, 1, 2], y: [1, 1, NaN]}, {x: [0, 1, 2], y: [3, 3, 3]}])"
                    + ".map(r => r.mid).join()"))
        .isEqualTo("2,2,3");
    assertThat(
            script(
                "const line = {x: [0, 60, 120], y: [1, 1, 1], low: [1, 1, 1], high: [1, 1, 1],"
                    + " n: [3, 3, 2], members: 3}; const a = em.aligned([line]);"
                    + " return JSON.stringify([a.series.map(s => s.fewer || false), a.data])"))
        .isEqualTo("[[false,false,false,true],[[0,60,120],[1,1,1],[1,1,1],[1,1,null],[null,1,1]]]");
  }

  @Test
  void a_group_of_thinned_curves_has_no_value_where_only_some_runs_show_a_row() {
    // Runs of 1 and -1 with a spike each at a step of its own, of which a thinned curve has a row.
    assertThat(
            script(
                "const run = (at, y, spike) => ({x: [0, 7, 8, 15, at].sort((a, b) => a - b),"
                    + " y: [0, 7, 8, 15, at].sort((a, b) => a - b).map(x => x === at ? spike : y)});"
                    + " return em.bands([run(3, 1, 90), run(11, -1, -70)])"
                    + ".map(r => r.step + ': ' + r.mid).join()"))
        .isEqualTo("0: 0,7: 0,8: 0,15: 0");
  }

  @Test
  void a_group_whose_runs_share_no_step_and_runs_without_rows_are_named() {
    set(
        "const all = em.store.curves.get(em.view.metric);"
            + " em.placed().slice(0, 3).forEach((p, i) => { const c = all.get(p.run.id);"
            + " c.x = c.x.subarray(0, 7).map(x => x + i); }); em.view.group = 'median'");
    until(() -> text("#curves-note").startsWith("6 groups of 18 runs."));
    assertThat(text("#curves-note"))
        .contains("No step has a row of every run of: d = 16, T = 64, median of 3.")
        .contains("2 have no rows here.");
    // Only its longest run has a row where it ends: one row is no line.
    assertThat(
            script(
                "const marks = [], mark = em.mark;"
                    + " em.mark = (u, line, i, ratio, kind) => marks.push(`${kind} at ${line.x[i]}`);"
                    + " em.drawMarks(em.chart); em.mark = mark; return marks"))
        .isEqualTo(List.of("alone at 62"));
  }

  @Test
  void a_group_of_all_runs_bears_no_seeds_name_and_colour() {
    set("em.view.group = 'median'; em.view.merge = 'task.dim,task.sequence_length,seed'");
    until(() -> text("#curves-note").startsWith("1 groups"));
    assertThat(text("#curves-legend").strip()).isEqualTo("all runs");
    assertThat(script("return em.drawn.lines[0].color === em.css('--ink')")).isEqualTo(true);
    assertThat((String) script("return em.curvesSvg()"))
        .contains(">all runs</text>")
        .doesNotContain("d = 16", "seed = 0");
    // With its runs beside it their colours are named too.
    set("em.view.members = true");
    until(() -> text("#curves-legend").contains("d = 16"));
    assertThat(text("#curves-legend").strip()).startsWith("all runs");
  }

  @Test
  void a_value_under_the_cursor_says_its_own_step_where_it_is_another_one() {
    String row = "em.tipRow({line: {name: 'a', x: [0, 7], y: [1, 2], color: ''}, i: 1, y: 2}";
    assertThat(script("return " + row + ", 7).textContent")).isEqualTo(" a: 2");
    assertThat(script("return " + row + ", 8).textContent")).isEqualTo(" a: 2 at 7");
    // A run that has stopped at 80 is near enough to be named beside others at 100.
    script("em.chart.setCursor({left: em.chart.valToPos(100, 'x'), top: 100})");
    until(() -> text("#tip").startsWith("step 100"));
    assertThat(text("#tip").lines().filter(l -> l.endsWith(" at 80"))).isNotEmpty();
  }

  @Test
  void against_their_own_emergence_runs_are_not_summed_up_and_it_is_said() {
    set("em.view.group = 'median'; em.view.x = 'relative'");
    until(() -> text("#curves-note").contains("so that groups have no figures"));
    assertThat(script("return em.drawn.lines.every(l => l.p && !l.low)")).isEqualTo(true);
    assertThat(script("return document.getElementById('merge').hidden")).isEqualTo(true);
    set("em.view.x = 'step'");
    until(() -> text("#curves-note").startsWith("6 groups"));
  }

  @Test
  void its_sums_are_those_of_java_to_twelve_digits() {
    Random random = new Random(5);
    for (int n : new int[] {1, 2, 3, 4, 7, 30}) {
      double[] values = random.doubles(n, -1e3, 1e3).toArray();
      double mean = Arrays.stream(values).average().orElseThrow();
      double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
      double[] sorted = Arrays.stream(values).sorted().toArray();
      List<?> found =
          (List<?>)
              script(
                  "const v = JSON.parse(arguments[0]), q = em.summary(v, 'median');"
                      + " return [...em.meanSd(v), q.low, q.mid, q.high].map(String)",
                  Arrays.toString(values));
      double[] expected = {
        mean,
        n == 1 ? Double.NaN : Math.sqrt(squares / (n - 1)),
        Center.quantile(sorted, 0.25),
        Center.quantile(sorted, 0.5),
        Center.quantile(sorted, 0.75)
      };
      for (int i = 0; i < expected.length; i++) {
        double value = Double.parseDouble((String) found.get(i));
        if (Double.isNaN(expected[i])) {
          assertThat(value).isNaN();
        } else {
          assertThat(value).isEqualTo(expected[i], offset(1e-12 * Math.abs(expected[i])));
        }
      }
    }
  }

  /** But for whole numbers of a million and more, which are steps here and stay whole. */
  @Test
  void numbers_are_written_as_in_figures_and_tables() {
    for (double v :
        new double[] {
          0.838,
          1.44,
          3e-4,
          1e-4,
          1e-30,
          0.001,
          0.00099,
          0.00099999,
          12.3456,
          999999.5,
          15000000.5,
          2500000,
          -1000000,
          123456789,
          9e15,
          1e300,
          -2.5e-7,
          -0.25,
          0
        }) {
      assertThat(script("return em.num(Number(arguments[0]))", String.valueOf(v)))
          .as("" + v)
          .isEqualTo(Numeral.of(v).replace('-', '−'));
    }
  }

  @Test
  void times_and_counts_are_written_to_the_last_one() {
    assertThat(script("return em.count(1234567)")).isEqualTo("1234567");
    assertThat(script("return em.count(-123456789012)")).isEqualTo("−123456789012");
    assertThat(script("return em.count(1234567.5)")).isEqualTo(Numeral.of(1234567.5));
    assertThat(script("return em.count(null)")).isEqualTo("–");
  }

  @Test
  void smoothing_is_that_of_java_and_keeps_the_raw_line() {
    double[] values = {3, Double.NaN, 1, 4, Double.POSITIVE_INFINITY, 1, 5};
    assertThat(
            script(
                "return em.smooth([3, NaN, 1, 4, Infinity, 1, 5], 0.9).map(String).join()"
                    + ".replaceAll('Infinity', 'Infinity')"))
        .isEqualTo(
            String.join(
                ",",
                Arrays.stream(Smoothing.of(values, 0.9))
                    .mapToObj(
                        v -> v == Math.rint(v) && !Double.isInfinite(v) ? (long) v + "" : v + "")
                    .toList()));
    set("em.view.smooth = '0.6'");
    until(() -> script("return em.drawn.series.some(s => s.raw)").equals(true));
    assertThat(script("return em.drawn.series.filter(s => s.raw).length")).isEqualTo(16L);
  }

  @Test
  void infinity_a_lone_row_and_a_divergence_have_marks_of_their_own_and_gaps_break_the_line() {
    set("em.view.logY = false");
    String line = "{x: [0, 1, 2, 3, 4, 5], y: [1, NaN, 2, NaN, Infinity, 3], diverged: true}";
    assertThat(
            script("return em.oddities(" + line + ").map(o => o.i + ' ' + em.ODD[o.kind]).join()"))
        .isEqualTo(
            "0 a row alone between gaps,2 a row alone between gaps,4 infinite,5 a row alone between"
                + " gaps,5 diverged after this");
    assertThat(script("return new Set(Object.values(em.MARKS).map(String)).size")).isEqualTo(4L);
    assertThat(script("return em.aligned([" + line + "]).data[1].join()")).isEqualTo("1,,2,,,3");
    // The diverged run says so under the cursor.
    assertThat(
            script(
                "const l = em.drawn.lines.find(l => l.diverged);"
                    + " return em.tipRow({line: l, i: l.x.length - 1, y: 0}).textContent"))
        .asString()
        .contains("diverged after this");
  }

  @Test
  void lines_that_share_no_steps_make_no_table_of_gaps() {
    String lines =
        "Array.from({length: 400}, (_, k) => ({x: Float64Array.from({length: 300}, (_, i) => i + k"
            + " / 400), y: Float64Array.from({length: 300}, (_, i) => 2 + i + k)}))";
    assertThat(
            script(
                "const {data, series} = em.aligned("
                    + lines
                    + "); return [data.length * data[0].length < em.MOST_VALUES, data[0][0],"
                    + " data[0].at(-1), Math.min(...data[1]), Math.max(...data[2])].join()"))
        .isEqualTo("true,0,299.9975,2,700");
  }

  @Test
  void lines_that_the_page_draws_itself_are_seen_and_named_like_others() {
    String note = text("#curves-note");
    String seen =
        "const u = em.chart, c = u.ctx; return em.drawn.lines.every(l => { const i = l.x.length >> 1,"
            + " x = u.valToPos(l.x[i], 'x', true), y = u.valToPos(l.y[i], 'y', true); return"
            + " c.getImageData(x - 1, y - 1, 3, 3).data.some(v => v > 0); })";
    assertThat(script(seen)).isEqualTo(true);
    script("em.MOST_VALUES = 10; em.drawCurves(true)");
    until(() -> Boolean.TRUE.equals(script("return em.chart?.series.length === 3")));
    until(() -> Boolean.TRUE.equals(script(seen)));
    assertThat(text("#curves-note")).isEqualTo(note);
    script("em.chart.setCursor({left: em.chart.valToPos(70, 'x'), top: 99})");
    until(() -> text("#tip").startsWith("step 70"));
    script("em.chart.setScale('x', {min: 20, max: 60})");
    until(() -> text("#zoom-note").contains("after it"));
  }

  @Test
  void a_logarithmic_axis_is_one_down_to_the_smallest_value_and_counts_what_it_cannot_show() {
    set("em.view.logY = true");
    assertThat(
            script(
                "const a = em.aligned([{x: [0, 1, 2, 3], y: [1e-5, 0, -1, 1e-6]}]);"
                    + " return JSON.stringify([a.data[1], a.hidden])"))
        .isEqualTo("[[0.00001,null,null,0.000001],2]");
    assertThat(
            script(
                "const [a, b] = em.range(1e-6, 1e-5); em.chart.setScale('y', {min: a, max: b});"
                    + " const p = v => em.chart.valToPos(v, 'y');"
                    + " return Math.abs((p(1e-6) - p(1e-5)) / (p(1e-6) - p(10 ** -5.5)) - 2) < 1e-6"))
        .isEqualTo(true);
  }

  private static void chooseMetric(String metric) {
    script(
        "const m = document.getElementById('metric'); m.value = '"
            + metric
            + "'; m.dispatchEvent(new Event('change'))");
  }

  @Test
  void the_axis_is_logarithmic_for_losses_and_linear_for_shares_until_it_is_chosen() {
    assertThat(script("return document.getElementById('log-y').checked")).isEqualTo(true);
    chooseMetric("attention.relevant");
    until(() -> script("return document.getElementById('log-y').checked").equals(false));
    assertThat(script("return em.chart.scales.y.distr")).isEqualTo(1L);
    script("document.getElementById('log-y').click()");
    until(() -> script("return em.chart.scales.y.distr").equals(3L));
    chooseMetric("test.loss");
    script("document.getElementById('log-y').click()");
    until(() -> script("return em.chart.scales.y.distr").equals(1L));
    assertThat(
            script(
                "return ['test.loss', 'test.loss.row.3', 'loss', 'test.accuracy', 'lossy.accuracy',"
                    + " 'test.lossless'].map(em.isLoss).join()"))
        .isEqualTo("true,true,true,false,false,false");
    assertThat(Browser.errors()).isEmpty();
  }

  @Test
  void losses_far_below_what_a_float_can_add_up_to_have_an_axis_too() {
    set("em.view.logY = true");
    script("em.chart.setScale('y', {min: 1e-30, max: 1})");
    assertThat(script("return em.ticks(1e-30, 1, true).includes(1e-20)")).isEqualTo(true);
    until(() -> script("return em.chart.scales.y.min").equals(1e-30));
    assertThat(Browser.errors()).isEmpty();
  }

  @Test
  void all_points_are_inside_unless_a_part_is_chosen_and_then_what_is_outside_is_counted() {
    assertThat(
            script(
                "const {min, max} = em.chart.scales.y; return em.drawn.lines.every(l =>"
                    + " l.y.every(y => !(y > 0) || (y >= min && y <= max)))"))
        .isEqualTo(true);
    assertThat(text("#zoom-note")).isEmpty();
    script("em.chart.setScale('x', {min: 100, max: 200})");
    until(() -> !text("#zoom-note").isEmpty());
    Object outside =
        script(
            "let n = 0; em.drawn.lines.forEach(l => l.x.forEach(x => { if (x < 100) n++; }));"
                + " return n");
    assertThat(text("#zoom-note")).contains("◂ " + outside + " points before it", "▸");
  }

  @Test
  void a_value_has_one_colour_everywhere_that_is_seen_on_both_papers() {
    String colour = "em.colors(em.colorAxis()).get('32')";
    assertThat(
            script(
                "return em.drawn.lines.filter(l => l.value === '32').every(l => l.color === "
                    + colour
                    + ")"))
        .isEqualTo(true);
    assertThat(
            script(
                "const s = [...document.querySelectorAll('#grid tr')].find(r =>"
                    + " r.textContent.includes('d = 32')).querySelector('.swatch').style;"
                    + " const probe = document.createElement('i'); probe.style.backgroundColor = "
                    + colour
                    + "; return s.backgroundColor === probe.style.backgroundColor"))
        .isEqualTo(true);
    script("em.lawAxis.law = 'task.sequence_length'; em.changed('law')");
    assertThat(
            script("return document.querySelector('.lawchart').innerHTML.includes(" + colour + ")"))
        .isEqualTo(true);
    assertThat(script("return em.curvesSvg().includes(em.colors(em.colorAxis(), false).get('32'))"))
        .isEqualTo(true);
    assertThat(script("return new Set(em.drawn.lines.map(l => l.dash.join())).size")).isEqualTo(3L);
    // A filter and a reload change no colour.
    Object before = script("return " + colour);
    set("em.view.filter = 'd != 16'");
    until(() -> text("#curves-note").contains("of 12 runs"));
    assertThat(script("return " + colour)).isEqualTo(before);
    String contrast =
        "const lum = hex => { const c = i => { const v = parseInt(hex.slice(i, i + 2), 16) / 255;"
            + " return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };"
            + " return 0.2126 * c(1) + 0.7152 * c(3) + 0.0722 * c(5); };"
            + " const worst = []; for (const dark of [false, true]) {"
            + " const paper = lum(dark ? '#15171a' : '#ffffff');"
            + " for (let n = 1; n <= 12; n++) for (const ordered of [true, false])"
            + " for (const hex of em.colors({values: [...Array(n).keys()], ordered}, dark).values()) {"
            + " const l = lum(hex), a = Math.max(l, paper), b = Math.min(l, paper);"
            + " worst.push((a + 0.05) / (b + 0.05)); } } return Math.min(...worst) >= 3";
    assertThat(script(contrast)).isEqualTo(true);
  }

  @Test
  void baselines_and_floors_of_the_task_are_drawn_and_explained() {
    script("document.getElementById('levels').open = true");
    assertThat(text("#levels")).contains("oracle", "the relevant token is read", "output zero");
    assertThat(text("#curves-note")).contains("At 0, below a log axis: oracle");
    assertThat(script("return em.levels().some(l => l.label.startsWith('blind'))")).isEqualTo(true);
    script("document.getElementById('baselines').click()");
    assertThat(script("return em.levels().map(l => l.label).join()"))
        .isEqualTo("plateau: below 0.1");
  }

  /** Three seeds that nearly agree are one line, two apart are two, and many are a range. */
  @Test
  void levels_of_seeds_are_as_many_lines_as_can_be_read() {
    script(
        "const at = em.store.snapshot.lines.find(l => l.metric === em.view.metric).conditions;"
            + " const line = (name, value, seed) => ({metric: em.view.metric, name, value, seed,"
            + " doc: name, conditions: at});"
            + " em.store.snapshot = {...em.store.snapshot, lines: ["
            + " line('near', 0.5, 0), line('near', 0.51, 1), line('near', 0.52, 2),"
            + " line('apart', 0.1, 0), line('apart', 0.3, 1), line('apart', 0.301, 2),"
            + " ...[1, 2, 3, 4, 5, 6].map(v => line('many', v, v))]}");
    assertThat(script("return em.baselines().map(l => l.name + ': ' + em.levelText(l)).join('; ')"))
        .isEqualTo("near: 0.51; apart (seed 0): 0.1; apart: 0.3; many: 1 to 6");
  }

  @Test
  void there_is_a_table_behind_each_chart() {
    script("document.querySelectorAll('details').forEach(d => { d.open = true; })");
    until(() -> count("#curves-table tbody tr") == 16);
    until(() -> count(".law-table tbody tr") == 13);
    until(() -> count("#film-table tbody tr") == 12);
    assertThat(text("#curves-table")).contains("d = 16, T = 64, seed 0");
    assertThat(text(".law-table")).contains("over the law");
  }

  @Test
  void a_law_has_its_band_and_each_run_over_it_and_conditions_their_median() {
    assertThat(count(".lawchart .ours")).isEqualTo(2);
    assertThat(count(".lawchart .residual")).isEqualTo(count(".lawchart .point"));
    assertThat(count(".lawchart .point")).isEqualTo(11);
    assertThat((String) script("return document.querySelector('.lawchart').ariaLabel"))
        .contains("times the law");
    assertThat(text("[data-law=law] thead")).contains("95% interval");
    assertThat(text("[data-law=law]")).contains("1 diverged left out; 1 failed left out");
    assertThat(text("#grid")).contains("160 (150 … 160)", "1 of 3 unreached");
    Object before = script("return document.querySelector('#grid .summary').textContent");
    set("em.view.filter = 'seed = 1'");
    assertThat(script("return document.querySelector('#grid .summary').textContent"))
        .isEqualTo(before);
  }
}
