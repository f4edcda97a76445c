package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages that set the papers' figures beside ours name them all and agree. */
class PaperPagesTest {
  private static final Path FIRST = Path.of("dsl-examples", "paper1");
  private static final Path SECOND = Path.of("dsl-examples", "paper2");

  private static List<String> found(Path page, String pattern) throws IOException {
    String text = Files.readString(page);
    return Pattern.compile(pattern).matcher(text).results().map(r -> r.group(1)).toList();
  }

  private static List<String> files(Path paper) throws IOException {
    try (Stream<Path> files = Files.list(paper)) {
      return files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".yaml")).toList();
    }
  }

  @Test
  void every_file_of_a_paper_is_on_the_page_of_its_reproduction() throws Exception {
    for (Path paper : List.of(FIRST, SECOND)) {
      assertThat(found(paper.resolve("REPRODUCED.md"), "(?m)^\\| \\[[^]]+]\\(([^)]+)\\)"))
          .containsExactlyInAnyOrderElementsOf(files(paper));
    }
  }

  @Test
  void every_figure_is_beside_the_printed_one() throws Exception {
    assertThat(found(FIRST.resolve("GALLERY.md"), "]\\(([^)]+\\.yaml)\\)"))
        .containsExactlyInAnyOrderElementsOf(
            files(FIRST).stream().filter(name -> name.startsWith("fig")).toList());
    assertThat(found(SECOND.resolve("FIGURES.md"), "]\\(([^)]+\\.yaml)\\)"))
        .containsAll(files(SECOND));
  }

  @Test
  void every_claim_of_the_first_paper_is_beside_its_statement() throws Exception {
    String page = Files.readString(FIRST.resolve("FIGURES.md"));
    for (String file : files(FIRST)) {
      for (String profile : List.of("", "laptop")) {
        SpecReader.read(FIRST.resolve(file), options(profile))
            .spec()
            .ifPresent(
                spec ->
                    assertThat(spec.claims().keySet())
                        .as(file)
                        .allSatisfy(name -> assertThat(page).contains("`" + name + "`")));
      }
    }
  }

  /** Files without the profile give no experiment. */
  private static ReadOptions options(String profile) {
    return profile.isEmpty() ? ReadOptions.none() : ReadOptions.none().withProfile(profile);
  }

  @Test
  void what_the_pages_link_to_is_there() throws Exception {
    for (Path page :
        List.of(
            FIRST.resolve("REPRODUCED.md"),
            FIRST.resolve("GALLERY.md"),
            FIRST.resolve("FIGURES.md"),
            SECOND.resolve("REPRODUCED.md"),
            SECOND.resolve("FIGURES.md"))) {
      assertThat(found(page, "]\\(([A-Za-z0-9/_.-]+)\\)"))
          .isNotEmpty()
          .allSatisfy(link -> assertThat(page.resolveSibling(link)).exists());
    }
    assertThat(found(FIRST.resolve("GALLERY.md"), "src=\"([^\"]+)\""))
        .hasSizeGreaterThan(8)
        .allSatisfy(image -> assertThat(FIRST.resolve(image)).exists());
  }

  @Test
  void our_numbers_in_the_gallery_are_those_of_the_reproduction() throws Exception {
    String reproduced = Files.readString(FIRST.resolve("REPRODUCED.md"));
    List<String> ours = found(FIRST.resolve("GALLERY.md"), "ours: ([^<]+)<br>");
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
