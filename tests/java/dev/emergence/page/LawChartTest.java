package dev.emergence.page;

import static dev.emergence.page.Browser.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart of a law and the tables beside it, where there is much to show or little room. */
class LawChartTest {
  @TempDir Path root;

  @BeforeEach
  void open() throws Exception {
    Browser.get();
    Folders.report(root, Folders.mixed(root, Folders.PLANE));
    Browser.open(root.resolve("report.html").toUri().toString());
  }

  @AfterEach
  void asItWas() {
    Browser.get().executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
  }

  /** A chart of one law with 30 values on its axis and three settings in each line's name. */
  private static void draw() {
    script(
        "const x = i => ({'task.dim': 4 + i, 'task.sequence_length': 1024, 'repetition.cross_sample':"
            + " 0.125}); const law = {name: 'large', of: 'plateau.time', axes: ['task.dim',"
            + " 'task.sequence_length', 'repetition.cross_sample'], r2: null, lines: [], points:"
            + " Array.from({length: 30}, (_, i) => ({x: x(i), seeds: 1, values: [[9 + i, 0, 0.1]]}))};"
            + " document.getElementById('page').prepend(em.lawChart(law, 'task.dim'))");
  }

  @Test
  void ticks_of_many_values_go_to_the_end_of_the_axis() {
    draw();
    Object texts =
        script(
            "return [...document.querySelectorAll('.lawchart')[0].querySelectorAll('text')]"
                + ".map(t => t.textContent)");
    assertThat(texts).asInstanceOf(list(String.class)).contains("30");
  }

  @Test
  void names_of_lines_end_inside_the_picture() {
    draw();
    assertThat(
            script(
                "const svg = document.querySelector('.lawchart'); return"
                    + " [...svg.querySelectorAll('text')].every(t => { const b = t.getBBox(); return"
                    + " b.x + b.width <= svg.viewBox.baseVal.width; })"))
        .isEqualTo(true);
  }

  @Test
  void neither_chart_nor_grid_scrolls_sideways_on_a_telephone_and_names_stay_inside() {
    Browser.get()
        .executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", 360, "height", 800, "deviceScaleFactor", 1, "mobile", true));
    Browser.until(() -> Boolean.TRUE.equals(script("return innerWidth === 360")));
    for (String part : List.of(".law .lawchart", "#grid")) {
      String fits =
          "const p = document.querySelector(arguments[0]); const b = p.parentElement;"
              + " return `${p.getBoundingClientRect().width <= b.clientWidth}`";
      Browser.until(() -> "true".equals(script(fits, part)));
    }
    draw();
    assertThat(
            script(
                "const svg = document.querySelector('.lawchart'); return"
                    + " [...svg.querySelectorAll('text')].every(t => { const b = t.getBBox(); return"
                    + " b.x + b.width <= svg.viewBox.baseVal.width && b.y + b.height <="
                    + " svg.viewBox.baseVal.height; })"))
        .isEqualTo(true);
  }

  @Test
  void a_narrow_window_breaks_no_word_and_shrinks_no_label() {
    for (int width : List.of(360, 768)) {
      Browser.get()
          .executeCdpCommand(
              "Emulation.setDeviceMetricsOverride",
              Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", true));
      assertThat(script("return document.documentElement.scrollWidth")).isEqualTo((long) width);
      assertThat(
              script(
                  "return [...document.querySelectorAll('.lawchart')].every(c =>"
                      + " c.getBoundingClientRect().width / c.viewBox.baseVal.width > 0.8)"))
          .as("labels at a width of " + width)
          .isEqualTo(true);
      assertThat(
              script(
                  "const broken = []; document.querySelectorAll('td').forEach(td => { for (const n of"
                      + " td.childNodes) if (n.nodeType === 3) for (const m of"
                      + " n.data.matchAll(/\\w+/g)) { const r = document.createRange();"
                      + " r.setStart(n, m.index); r.setEnd(n, m.index + m[0].length); const t ="
                      + " [...r.getClientRects()].map(b => Math.round(b.top)); if (new Set(t).size >"
                      + " 1) broken.push(m[0]); } }); return broken.join()"))
          .as("words broken at a width of " + width)
          .isEqualTo("");
    }
  }
}
