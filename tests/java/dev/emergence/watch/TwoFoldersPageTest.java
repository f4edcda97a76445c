package dev.emergence.watch;

import static dev.emergence.page.Browser.count;
import static dev.emergence.page.Browser.script;
import static dev.emergence.page.Browser.text;
import static dev.emergence.page.Browser.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.page.Browser;
import dev.emergence.page.Folders;
import dev.emergence.plan.Plan;
import dev.emergence.result.Disk;
import dev.emergence.result.ResultsFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live page of two results folders, in a real browser. */
class TwoFoldersPageTest {
  @TempDir Path root;

  @BeforeEach
  void browser() {
    Browser.get();
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
}
