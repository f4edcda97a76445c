package dev.emergence.page;

import static dev.emergence.page.Browser.count;
import static dev.emergence.page.Browser.script;
import static dev.emergence.page.Browser.text;
import static dev.emergence.page.Browser.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Disk;
import dev.emergence.result.Origin;
import dev.emergence.result.Outcome;
import dev.emergence.result.Picture;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.RunRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of which query a film's numbers and its strip over the run are, as the page says and draws it.
 */
class FilmQueryPageTest {
  private static final String FILE =
      Folders.PLANE.replace("count: 3", "count: 1").replaceAll("(?s)description:.*", "");

  /** Each query attends to one key: the second to itself, the third to the first. */
  private static final double[][] PATTERN = {{1, 0, 0}, {0, 1, 0}, {1, 0, 0}};

  @TempDir private Path root;

  /** Opens the report of one run whose film knows these pairs of queries and keys. */
  private void open(double[][] pairs) throws Exception {
    Browser.get();
    Plan plan = Yaml.plan(FILE);
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    folder.writePlan(plan, Origin.of("fabricated.yaml", FILE));
    PlannedRun run = plan.runs().get(0);
    List<Picture> film = new ArrayList<>();
    if (pairs.length > 0) {
      film.add(Picture.truth(pairs));
    }
    for (int frame = 0; frame < 10; frame++) {
      film.add(new Picture("film", 10L * frame, 1, 1, PATTERN));
    }
    folder
        .run(run.id())
        .complete(
            new RunRecord(
                run.run(),
                new Outcome(Outcome.State.COMPLETE, 90, "", 1, 2.5),
                Folders.curve(80, 90),
                Optional.empty(),
                film,
                Map.of()));
    Folders.report(root, plan);
    Browser.open(root.resolve("report.html").toUri().toString());
    until(() -> count("#heads canvas") == 1);
  }

  /** The key whose place in the first column of the strip has the colour of all attention. */
  private static Object keyInStrip() {
    return script(
        "const c = em.film.carpet, full = em.heat()[255].join(), H = c.height / 3;"
            + " const all = [...c.getContext('2d').getImageData(2, 0, 1, c.height).data];"
            + " const at = k => 4 * Math.round((k + 0.5) * H);"
            + " return [0, 1, 2].map(k => all.slice(at(k), at(k) + 3).join()).indexOf(full)");
  }

  private static Object stripSays() {
    return script("return em.film.carpet.ariaLabel + ' ' + em.film.carpetNote.textContent");
  }

  @Test
  void a_query_before_the_last_is_named_and_drawn_where_only_its_keys_are_known() throws Exception {
    open(new double[][] {{1, 1}});
    assertThat(text("#film-note"))
        .contains("10 frames; boxes mark the keys that matter; entropy is that of query 2 of 3.");
    assertThat((String) stripSays())
        .contains("Attention of query 2 of 3 in layer 1", "over the whole run, by query 2 of 3:");
    assertThat(keyInStrip()).isEqualTo(1L);
    assertThat(text("#film-table summary")).isEqualTo("Entropy of query 2 of 3, as a table");
    assertThat(Browser.errors()).isEmpty();
  }

  @Test
  void the_last_query_is_the_last_query() throws Exception {
    open(new double[][] {{1, 1}, {2, 0}});
    assertThat(text("#film-note"))
        .contains("boxes mark the keys that matter, mass is what the last query puts on them.");
    assertThat((String) stripSays())
        .contains("Attention of the last query in layer 1", "goes from 1.00 to 1.00");
    assertThat(keyInStrip()).isEqualTo(0L);
    assertThat(text("#film-table summary")).startsWith("Mass on the keys that matter");
  }

  @Test
  void without_known_keys_it_is_the_entropy_of_the_last_query() throws Exception {
    open(new double[0][]);
    assertThat(text("#film-note")).contains("10 frames; entropy is that of the last query.");
    assertThat(keyInStrip()).isEqualTo(0L);
  }
}
