package dev.emergence.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Planner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kept results belong to the files as they stand, and the page shows all of them. */
class GalleryTest {
  static List<Path> folders() throws IOException {
    return KeepResults.folders();
  }

  @Test
  void the_page_shows_what_is_kept() throws IOException {
    assertThat(KeepResults.text(GalleryPage.PAGE))
        .as("write it anew: ./dev gallery")
        .isEqualTo(GalleryPage.write());
  }

  @ParameterizedTest
  @MethodSource("folders")
  void kept_runs_are_those_that_the_file_plans(Path folder) throws IOException {
    Map<String, Object> origin = KeepResults.json(folder.resolve("origin.json"));
    String profile = String.valueOf(origin.get("profile"));
    ReadOptions options =
        profile.isEmpty() ? ReadOptions.none() : ReadOptions.none().withProfile(profile);
    Plan plan =
        Planner.plan(
            SpecReader.read(Path.of(String.valueOf(origin.get("file"))), options)
                .spec()
                .orElseThrow());
    assertThat(GalleryPage.rows(folder).stream().map(r -> r[0].substring(1)).distinct().toList())
        .as("runs of %s; run it again and keep it: ./dev gallery RESULTS FILE", origin.get("file"))
        .isSubsetOf(plan.byId().keySet());
    assertThat(((Number) origin.get("planned")).intValue()).isEqualTo(plan.runs().size());
    assertThat(KeepResults.json(folder.resolve("claims.json")).keySet())
        .containsExactlyInAnyOrderElementsOf(plan.experiment().claims().keySet());
    assertThat(KeepResults.json(folder.resolve("fits.json")).keySet())
        .containsExactlyInAnyOrderElementsOf(plan.experiment().fits().keySet());
  }

  @ParameterizedTest
  @MethodSource("folders")
  void what_is_kept_is_small_and_says_where_it_came_from(Path folder) throws IOException {
    Map<String, Object> origin = KeepResults.json(folder.resolve("origin.json"));
    assertThat((List<?>) origin.get("commits")).isNotEmpty();
    assertThat((List<?>) origin.get("machines")).isNotEmpty();
    assertThat(((Number) origin.get("seconds")).doubleValue()).isPositive();
    try (Stream<Path> all = Files.list(folder)) {
      long bytes = all.map(Path::toFile).collect(Collectors.summingLong(java.io.File::length));
      assertThat(bytes).as("bytes in %s", folder).isLessThan(600_000);
    }
  }
}
