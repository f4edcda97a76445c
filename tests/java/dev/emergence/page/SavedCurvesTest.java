package dev.emergence.page;

import static dev.emergence.page.Browser.async;
import static dev.emergence.page.Browser.script;
import static dev.emergence.page.Browser.text;
import static dev.emergence.page.Browser.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Plan;
import dev.emergence.plan.Run;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader of a report saves of its curves. */
class SavedCurvesTest {
  private static final String LESS =
      "saved with what this report has: not every row, values to about 7 digits;"
          + " tables/curves.jsonl has everything";

  @TempDir Path root;

  private Plan plan;

  @BeforeEach
  void open() throws Exception {
    Browser.get();
    plan = Folders.whole(root, Folders.PLANE);
    Browser.open(root.resolve("report.html").toUri().toString());
  }

  private static String csv() {
    return (String) async("return await (await em.curvesCsv()).text()");
  }

  private static void save() {
    script("em.save = () => { window.saved = true; }");
    script("document.querySelector('#curves .export[data-kind=csv]').click()");
    until(() -> Boolean.TRUE.equals(script("return window.saved")));
  }

  @Test
  void numbers_have_all_digits_of_the_results() {
    Run run = plan.runs().get(0).run();
    double loss = Folders.curve(Folders.crossing(run.config(), run.seed()), 100).values()[1][0];
    assertThat(csv().lines().filter(line -> line.startsWith(plan.runs().get(0).id())))
        .anyMatch(line -> line.endsWith(",10," + loss));
    save();
    assertThat(text("#curves .exports .lost")).isEmpty();
  }

  @Test
  void a_report_that_has_less_says_so_and_writes_no_digits_that_mean_nothing() {
    async("await em.loadCurves('test.loss', em.chosen().map(p => p.run.id))");
    script(
        "for (const c of em.store.curves.get('test.loss').values()) {"
            + " c.y = new Float32Array(c.y.length).fill(0.1); c.total += 1; }");
    assertThat(csv().lines().skip(1)).allMatch(line -> line.endsWith(",0.1"));
    save();
    until(() -> text("#curves .exports .lost").strip().equals(LESS));
  }
}
