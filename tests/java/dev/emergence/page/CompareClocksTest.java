package dev.emergence.page;

import static dev.emergence.page.Browser.count;
import static dev.emergence.page.Browser.script;
import static dev.emergence.page.Browser.text;
import static dev.emergence.page.Browser.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs chosen by hand, of which some are counted in steps and others in the time of a flow. */
class CompareClocksTest {
  private static final String BOTH =
      """
      dsl: 1
      name: clocks
      task: {kind: linear_regression, dim: 16, sequence_length: 64, relevant_position: last, relevant_feature: false}
      architecture: {kind: toy}
      training: {max_steps: 800, max_time: 800}
      measurement:
        evaluate_every: 10
        thresholds: {plateau: {metric: test.loss, below: 0.1}}
      seeds: {first: 0, count: 2}
      sweeps:
        both:
          variants:
            descent: {training: {optimizer: {kind: sgd}}}
            flow: {training: {optimizer: {kind: gradient_flow}}}
      """;

  @TempDir Path root;

  @BeforeEach
  void open() throws Exception {
    Browser.get();
    Folders.whole(root, BOTH);
    Browser.open(root.resolve("report.html").toUri().toString());
  }

  private static String row(String name) {
    return (String)
        script(
            "const r = [...document.querySelectorAll('#comparison tr')]"
                + ".find(t => t.firstChild.textContent === arguments[0]);"
                + " return [...r.querySelectorAll('td')].map(c => c.textContent).join('|')",
            name);
  }

  private static void choose(String filter) {
    script(
        "em.view.selected = new Set(em.placed().filter(p => "
            + filter
            + ").map(p => p.key)); em.changed('selection')");
    until(() -> count("#comparison tr") > 1);
  }

  @Test
  void steps_and_times_have_no_ratio() {
    choose("true");
    assertThat(row("over the first")).isEqualTo("1|1.286|other unit|other unit");
    assertThat(row("emerged (plateau)")).isEqualTo("step 70|step 90|time 70|time 90");
    assertThat(text("#compare")).contains("no common unit");
  }

  @Test
  void times_of_flows_have_one() {
    choose("em.unitOf(p) === 'time'");
    assertThat(row("over the first")).isEqualTo("1|1.286");
    assertThat(row("emerged (plateau)")).isEqualTo("70|90");
    assertThat(text("#compare")).doesNotContain("no common unit");
  }
}
