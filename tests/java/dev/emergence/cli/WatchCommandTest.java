package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.page.Folders;
import dev.emergence.plan.Yaml;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that serve a page. */
class WatchCommandTest {
  private static final String ADDRESS = "http://127\\.0\\.0\\.1:[1-9]\\d+/[0-9a-f]{32}/";

  @TempDir Path temp;

  @Test
  @Timeout(120)
  void the_first_line_is_the_address_of_the_page() throws Exception {
    Folders.mixed(temp, Folders.PLANE);
    StringWriter out = new StringWriter();
    Thread watching =
        new Thread(
            () ->
                Main.run(
                    new PrintWriter(out),
                    new PrintWriter(new StringWriter()),
                    "watch",
                    temp.toString(),
                    "--port",
                    "0",
                    "--no-open"));
    watching.start();
    while (!out.toString().contains("\n")) {
      Thread.sleep(20);
    }
    String address = out.toString().lines().findFirst().orElseThrow();
    assertThat(address).matches(ADDRESS);
    HttpURLConnection page = (HttpURLConnection) URI.create(address).toURL().openConnection();
    assertThat(page.getResponseCode()).isEqualTo(200);
    page.disconnect();
    watching.interrupt();
    watching.join();
  }

  @Test
  void run_with_watch_prints_the_address_first_and_ends_with_the_runs() throws Exception {
    Path file = temp.resolve("tiny.yaml");
    Files.writeString(file, Yaml.TINY);
    Path out = temp.resolve("out");
    Shell shell =
        Shell.run(
            "run",
            file,
            "--out",
            out,
            "--watch",
            "--no-open",
            "--in-process",
            "--only",
            "sizes",
            "--where",
            "d == 4 and seed == 3");
    assertThat(shell.out().lines().findFirst().orElseThrow()).matches(ADDRESS);
    assertThat(out.resolve("report.html")).exists();
  }

  @Test
  void a_folder_that_is_given_twice_is_shown_once() throws Exception {
    Path a = Files.createDirectory(temp.resolve("a"));
    Path b = Files.createDirectory(temp.resolve("b"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), b);
    assertThat(WatchCommand.folders(List.of(b, a, temp.resolve("a/../b"), link, a)))
        .containsExactly(b, a);
  }

  @Test
  void a_folder_without_results_and_a_wrong_port_are_refused() {
    assertThat(Shell.run("watch", temp, "--no-open"))
        .satisfies(s -> assertThat(s.code()).isEqualTo(6))
        .satisfies(s -> assertThat(s.err()).contains("is no results folder"));
    assertThat(Shell.run("watch", temp.resolve("x"), "--port", "70000").code()).isIn(2, 6);
  }
}
