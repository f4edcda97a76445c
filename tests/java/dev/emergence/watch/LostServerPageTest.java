package dev.emergence.watch;

import static dev.emergence.page.Browser.count;
import static dev.emergence.page.Browser.script;
import static dev.emergence.page.Browser.text;
import static dev.emergence.page.Browser.until;
import static dev.emergence.watch.WatchPageTest.watch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.page.Browser;
import dev.emergence.page.Folders;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Disk;
import dev.emergence.result.LiveRows;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live page in a real browser, while its server does not answer. */
class LostServerPageTest {
  @TempDir Path root;

  @BeforeEach
  void browser() {
    Browser.get();
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
  void a_file_that_only_the_server_has_is_no_link_while_it_does_not_answer() throws Exception {
    Plan plan = Folders.mixed(root, Folders.PLANE);
    try (WatchServer server = watch(plan, root)) {
      Browser.open(server.address());
      script("em.open('" + plan.runs().get(0).id() + "')");
      until(() -> count("#all-rows a") == 1);
      script("em.stream.dispatchEvent(new Event('error')); em.stream.close()");
      until(() -> text("#all-rows").contains("without its server since"));
      assertThat(count("#all-rows a")).isZero();
      script("em.listen()");
      until(() -> count("#all-rows a") == 1);
    }
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
}
