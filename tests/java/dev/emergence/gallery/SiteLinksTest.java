package dev.emergence.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteLinksTest {
  @TempDir Path site;

  private Path page(String name, String html) throws IOException {
    Path file = site.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, html);
  }

  @Test
  void links_to_files_and_headings_that_are_there_are_no_faults() throws IOException {
    page(
        "index.html",
        "<a href=\"deep/other.html#here\">a</a> <a href=\"https://example.org/x\">b</a>");
    page(
        "deep/other.html", "<h2 id=\"here\">c</h2> <a href=\"#here\">d</a> <img src=\"../f.svg\">");
    page("f.svg", "<svg/>");
    page("javadoc/own.html", "<a href=\"nowhere.html\">e</a>");
    assertThat(new SiteLinks(site).faults()).isEmpty();
  }

  @Test
  void a_link_to_no_file_and_one_to_no_heading_are_told() throws IOException {
    Path index =
        page("index.html", "<a href=\"gone.html\">a</a> <a href=\"other.html#there\">b</a>");
    Path other = page("other.html", "<h2 id=\"here\">c</h2>");
    assertThat(new SiteLinks(site).faults())
        .containsExactly(
            index + ": gone.html leads nowhere",
            index + ": other.html#there names no heading of " + other);
  }
}
