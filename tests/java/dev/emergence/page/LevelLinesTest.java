package dev.emergence.page;

import static dev.emergence.page.Browser.script;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which horizontal lines the learning curves have, what they are called and where they stand. */
class LevelLinesTest {
  private static final String NAMES =
      "return em.baselines().map(l => l.name + ': ' + em.levelText(l)).join('; ')";

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

  /** Baselines of the shown metric, in the conditions of the one sweep that are named. */
  private static void lines(String lines) {
    script(
        "const line = (name, value, seed, ...at) => ({metric: em.view.metric, name, value, seed,"
            + " doc: name, conditions: {plane: at}});"
            + " em.store.snapshot = {...em.store.snapshot, lines: ["
            + lines
            + "]}");
  }

  @Test
  void only_those_of_conditions_that_are_shown_are_lines() {
    lines("line('first', 0.1, null, 0), line('fourth', 0.2, null, 3), line('none', 0.3, null)");
    assertThat(script(NAMES)).isEqualTo("first: 0.1; fourth: 0.2");
    script("em.view.filter = 'd = 32 and T = 128'; em.changed('filter')");
    assertThat(script(NAMES)).isEqualTo("fourth: 0.2");
  }

  @Test
  void a_seed_is_named_only_where_it_stands_apart_and_equal_guesses_are_one_line() {
    lines(
        "line('one', 0.1, 2, 0), line('exact', 0.2, null, 0), line('exact', 0.4, null, 1),"
            + " line('same', 0.1, 1, 0), line('near', 0.7, 0, 0), line('near', 0.72, 1, 0)");
    assertThat(script(NAMES)).isEqualTo("one, same: 0.1; exact: 0.2; exact: 0.4; near: 0.71");
    assertThat(
            script(
                "return [[0.96, 1], [0.94, 1], [-1, -0.96], [-1, -0.8]].map(([low, high]) =>"
                    + " em.levelText({low, high, value: (low + high) / 2})).join('; ')"))
        .isEqualTo("0.98; 0.94 to 1; −0.98; −1 to −0.8");
  }

  @Test
  void a_threshold_relative_to_others_has_no_line() {
    script(
        "const s = em.store.snapshot; em.store.snapshot = {...s, lines: [], levels: [...s.levels,"
            + " {...s.levels[0], name: 'half', relative: true},"
            + " {...s.levels[0], name: 'up', below: null, above: 0.7}]}");
    assertThat(script("return em.thresholdLevels().map(l => l.label).join('; ')"))
        .isEqualTo("plateau: below 0.1; up: above 0.7");
  }

  @Test
  void the_loss_before_training_is_the_median_of_runs_that_have_one() {
    lines("");
    script(
        "window.untrained = metric => { em.view.metric = metric; em.drawn = {lines:"
            + " [[0, 9], [0, 10], [0, 2], [5, 1], [0, NaN]].map(([x, y]) =>"
            + " ({p: {}, x: [x], y: [y]}))}; return em.levels().filter(l =>"
            + " l.label.startsWith('untrained')).map(l => l.label).join('; ') }");
    assertThat(script("return untrained('test.loss')")).isEqualTo("untrained: 9");
    assertThat(script("return untrained('test.accuracy')")).isEqualTo("");
  }

  /** On a canvas that only keeps what is drawn; values stand at 100 minus ten times themselves. */
  @Test
  void lines_and_bands_are_drawn_where_they_are_and_names_only_where_there_is_room() {
    script(
        "window.drawnOf = (logY, width, ...levels) => { const out = []; em.view.logY = logY;"
            + " em.levels = () => levels.map(([label, value, low, high]) =>"
            + " ({label, value, low, high, dash: []}));"
            + " const ctx = {setLineDash() {}, beginPath() {}, stroke() {}, strokeText() {},"
            + " measureText: text => ({width: 10 * text.length}), lineTo() {},"
            + " moveTo: (x, y) => out.push('line ' + y),"
            + " fillRect: (x, y, w, h) => out.push('band ' + y + ' ' + h),"
            + " fillText: (text, x, y) => out.push(text + ' ' + x)};"
            + " em.drawLevels({ctx, bbox: {left: 0, top: 0, width, height: 200},"
            + " valToPos: value => 100 - 10 * value}, 1); return out.join('; ') }");
    List<String> drawn =
        List.of(
            (String) script("return drawnOf(false, 100, ['a', 0, 0, 0])"),
            (String) script("return drawnOf(true, 100, ['a', 0, 0, 0])"),
            (String) script("return drawnOf(false, 100, ['a', 2, 0, 4])"),
            (String) script("return drawnOf(true, 100, ['a', 2, 0, 4])"),
            (String)
                script("return drawnOf(false, 100, ['aaaa', 2, 2, 2], ['bbb', 2.1, 2.1, 2.1])"),
            (String)
                script("return drawnOf(false, 80, ['aaaa', 2, 2, 2], ['bbb', 2.1, 2.1, 2.1])"));
    assertThat(drawn)
        .containsExactly(
            "line 100; a 94",
            "",
            "band 60 40; line 80; a 94",
            "band 60 140; line 80; a 94",
            "line 80; line 79; aaaa 94; bbb 44",
            "line 80; line 79; aaaa 74");
  }
}
