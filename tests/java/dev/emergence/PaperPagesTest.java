package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages that set the first paper's figures beside ours name them all and agree. */
class PaperPagesTest {
  private static final Path FOLDER = Path.of("dsl-examples", "paper1");

  private static String page(String name) throws IOException {
    return Files.readString(FOLDER.resolve(name));
  }

  private static List<String> found(String page, String pattern) throws IOException {
    return Pattern.compile(pattern).matcher(page(page)).results().map(r -> r.group(1)).toList();
  }

  @Test
  void every_file_of_the_paper_is_on_the_page_of_its_reproduction() throws Exception {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<String> names =
          files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".yaml")).toList();
      assertThat(found("REPRODUCED.md", "(?m)^\\| \\[[^]]+]\\(([^)]+)\\)"))
          .hasSize(names.size())
          .containsExactlyInAnyOrderElementsOf(names);
      assertThat(found("GALLERY.md", "]\\(([^)]+\\.yaml)\\)"))
          .containsExactlyInAnyOrderElementsOf(
              names.stream().filter(name -> name.startsWith("fig")).toList());
    }
  }

  @Test
  void what_the_pages_link_to_is_there() throws Exception {
    for (String page : List.of("REPRODUCED.md", "GALLERY.md", "FIGURES.md")) {
      assertThat(found(page, "]\\(([A-Za-z0-9/_.-]+)\\)"))
          .isNotEmpty()
          .allSatisfy(link -> assertThat(FOLDER.resolve(link)).exists());
    }
    assertThat(found("GALLERY.md", "src=\"([^\"]+)\""))
        .hasSizeGreaterThan(8)
        .allSatisfy(image -> assertThat(FOLDER.resolve(image)).exists());
  }

  @Test
  void our_numbers_in_the_gallery_are_those_of_the_reproduction() throws Exception {
    String reproduced = page("REPRODUCED.md");
    List<String> ours = found("GALLERY.md", "ours: ([^<]+)<br>");
    assertThat(ours).hasSizeGreaterThan(5);
    int numbers = 0;
    for (String cell : ours) {
      for (MatchResult number :
          Pattern.compile("-?[\\d.]+ to -?[\\d.]+\\d|-?\\d+\\.\\d{3,}")
              .matcher(cell)
              .results()
              .toList()) {
        assertThat(reproduced).contains("| " + number.group());
        numbers++;
      }
    }
    assertThat(numbers).isGreaterThan(15);
  }
}
