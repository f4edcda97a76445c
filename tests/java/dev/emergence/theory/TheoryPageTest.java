package dev.emergence.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.ToySpec.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page about the theory says what the code computes. */
class TheoryPageTest {
  private static final Path FOLDER = Path.of("dsl-examples", "paper1");

  private static List<MatchResult> found(String pattern) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(FOLDER.resolve("THEORY.md")))
        .results()
        .toList();
  }

  @Test
  void its_table_of_predictions_is_right() throws IOException {
    List<MatchResult> rows =
        found("\\| (\\d+), (\\d+) \\| (\\d+) \\| (\\d+) \\| (\\d+) \\| (\\d+) \\|");
    assertThat(rows).hasSize(5);
    for (MatchResult row : rows) {
      int length = Integer.parseInt(row.group(1));
      int dim = Integer.parseInt(row.group(2));
      Setting setting = new Setting(dim, length, 1, 0);
      assertThat(Toys.with(length, dim, 1, 0).plateau())
          .as(row.group())
          .isEqualTo(number(row, 3), offset(0.51));
      List<Prediction> predictions =
          List.of(Prediction.ESCAPE_TIME_EQ6, Prediction.GAUSSIAN, Prediction.PLATEAU);
      for (int i = 0; i < predictions.size(); i++) {
        double predicted = predictions.get(i).time(setting, Scores.TIED, 0.2);
        assertThat(predicted)
            .as("%s of %s", predictions.get(i), row.group())
            .isEqualTo(number(row, 4 + i), offset(0.51));
      }
    }
  }

  private static double number(MatchResult row, int group) {
    return Double.parseDouble(row.group(group));
  }

  @Test
  void its_figures_and_files_exist() throws IOException {
    List<MatchResult> figures = found("]\\((figures/[^)]+)\\)");
    List<MatchResult> files = found("emergence run ([a-z0-9-]+\\.yaml)");
    assertThat(figures)
        .hasSizeGreaterThan(5)
        .allSatisfy(match -> assertThat(FOLDER.resolve(match.group(1))).exists());
    assertThat(files)
        .hasSizeGreaterThan(5)
        .allSatisfy(match -> assertThat(FOLDER.resolve(match.group(1))).exists());
  }

  @Test
  void its_names_of_curves_and_predictions_are_all_there_are() throws IOException {
    for (Prediction prediction : Prediction.values()) {
      assertThat(found("`" + prediction.word() + "`")).as(prediction.word()).isNotEmpty();
    }
    for (String name : TheoryCurves.names()) {
      assertThat(found("`" + name + "`")).as(name).isNotEmpty();
    }
  }

  @Test
  void its_java_example_runs() {
    RunConfig config = Toys.with(512, 64, 1, 0.1).config();
    Setting setting = new Setting(64, 512, 1, 0.1); // d, T, B, p
    double plateau = new GaussianPlateau(setting, Scores.TIED).time(0.2); // loss down to a fifth
    double[] eigenvalues =
        ReducedLoss.space(setting).hessianEigenvalues(new double[] {0.1, 1.2, 3.4});
    Trajectory run = ToyRun.integrate(config); // a RunConfig of a file
    assertThat(plateau).isEqualTo(run.crossings().get("plateau"), offset(0.03 * plateau));
    assertThat(eigenvalues).hasSize(3).isSorted();
  }
}
