package dev.emergence.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which experiment the site names for each figure of the gallery. */
class FiguresTest {
  @Test
  void every_figure_that_is_kept_has_its_experiment() throws IOException {
    List<Path> figures;
    try (Stream<Path> all = Files.walk(Path.of("dsl-examples"))) {
      figures = all.filter(file -> file.toString().endsWith(".svg")).toList();
    }
    assertThat(figures).hasSizeGreaterThan(60);
    for (Path figure : figures) {
      assertThat(Figures.experiment(figure)).as(figure.toString()).isPresent();
      assertThat(Figures.experiment(figure).orElseThrow()).exists();
    }
  }

  @Test
  void figures_of_results_are_those_of_the_file_that_they_come_from() throws IOException {
    Path results = Path.of("dsl-examples/results");
    assertThat(Figures.experiment(results.resolve("paper2-appb3-laptop/curves.svg")))
        .hasValue(Path.of("dsl-examples/paper2/appB3.yaml"));
    assertThat(Figures.experiment(results.resolve("beyond-seeds/hazard.svg")))
        .hasValue(Path.of("dsl-examples/beyond/seeds.yaml"));
  }

  @Test
  void figures_of_a_paper_are_found_by_their_names() throws IOException {
    Path figures = Path.of("dsl-examples/paper1/figures");
    assertThat(Figures.experiment(figures.resolve("laptop-fig17-accuracy.svg")))
        .hasValue(Path.of("dsl-examples/paper1/fig17.yaml"));
    assertThat(Figures.experiment(figures.resolve("changing-diversity-loss.svg")))
        .hasValue(Path.of("dsl-examples/paper1/changing-diversity.yaml"));
    assertThat(Figures.experiment(figures.resolve("nothing-of-this.svg"))).isEmpty();
  }
}
