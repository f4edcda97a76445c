package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a paper are all of its files. */
class PaperFilesTest {
  @TempDir Path temp;

  @Test
  void each_paper_has_every_file_of_its_folder_though_both_have_a_figure_3() throws Exception {
    for (String paper : List.of("paper1", "paper2")) {
      List<Path> found = PaperFiles.of(List.of(paper), temp);
      try (Stream<Path> all = Files.list(Path.of("dsl-examples", paper))) {
        List<String> names =
            all.map(p -> p.getFileName().toString()).filter(n -> n.endsWith(".yaml")).toList();
        assertThat(found.stream().map(p -> p.getFileName().toString()))
            .hasSizeGreaterThan(10)
            .containsExactlyInAnyOrderElementsOf(names);
      }
      assertThat(found).allSatisfy(file -> assertThat(Files.readString(file)).contains("dsl: 1"));
    }
    assertThat(Files.readString(temp.resolve("paper1/fig3.yaml"))).contains("name: fig3");
    assertThatThrownBy(() -> PaperFiles.of(List.of("paper9"), temp))
        .hasMessageContaining("is no file and no paper");
  }
}
