package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Fabricated;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Planner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How figures look, said once for a file or for a lab. */
class FigureStyleTest {
  @Test
  void a_file_says_once_how_all_its_figures_look() {
    String plot =
        """
        sweeps: {s: {grid: {task.dim: [16, 32]}}}
        figures: {width: column, column: 3.3in, fonts: {labels: 9}, colors: ["#AA0000", "#FFEE88"], notes: apart}
        plots: {shape: {kind: learning_curves, data: s, y: test.loss, color: d, labels: {y: loss (nats)}}}
        """;
    Drawing drawing = Shape.draw(plot, (c, s) -> 400);
    String svg = drawing.figure().svg();
    assertThat(Svg.parse(svg).getDocumentElement().getAttribute("width")).isEqualTo("83.82mm");
    assertThat(svg).contains("#aa0000").contains("font-size=\"12\"");
    assertThat(Svg.texts(svg)).contains("loss (nats)").doesNotContain("A line for each run");
    assertThat(drawing.figure().caption())
        .contains("A line for each run; 3 seeds in each condition.")
        .anyMatch(s -> s.startsWith("#FFEE88 has a contrast of only 1.2 to 1"));
  }

  @Test
  void a_lab_shares_its_style_as_a_file_that_others_extend(@TempDir Path folder) throws Exception {
    Files.writeString(
        folder.resolve("lab.yaml"),
        "dsl: 1\nabstract: true\nfigures: {width: column, column: 80mm, fonts: {labels: 9}}\n");
    Path file =
        Files.writeString(
            folder.resolve("mine.yaml"),
            Fabricated.BASE
                + "extends: lab.yaml\nfigures: {dpi: 300}\n"
                + "plots: {shape: {kind: learning_curves, data: main, y: test.loss}}\n");
    Plan plan = Planner.plan(SpecReader.read(file, ReadOptions.none()).spec().orElseThrow());
    assertThat(plan.experiment().figures().dpi()).isEqualTo(300);
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 400));
    String svg = Report.figures(analysis, run -> List.of()).get("shape").svg();
    assertThat(Svg.parse(svg).getDocumentElement().getAttribute("width")).isEqualTo("80mm");
    assertThat(svg).contains("font-size=\"12\"");
  }

  @Test
  void a_long_title_takes_lines_instead_of_being_cut() {
    String plot =
        """
        plots:
          shape: {kind: learning_curves, data: main, y: test.loss, size: column, title: TITLE}
          both: {kind: panels, of: [shape], size: column, title: TITLE}
        """
            .replace("TITLE", "A title that is rather long for a figure of one column of a paper");
    Plan plan = Fabricated.plan(plot);
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 400));
    Report.figures(analysis, run -> List.of())
        .forEach(
            (name, figure) ->
                assertThat(Shape.words(figure.svg()))
                    .as(name)
                    .contains("A title that is", "of a paper")
                    .doesNotContain("…"));
  }

  @Test
  void nothing_that_a_figure_says_changes_a_run() {
    Map<String, ?> plain = Fabricated.plan("").byId();
    Map<String, ?> dressed =
        Fabricated.plan(
                "figures: {width: column}\n"
                    + "plots: {shape: {kind: hazard, data: main, title: x, size: page}}\n")
            .byId();
    assertThat(dressed.keySet()).isEqualTo(plain.keySet());
  }
}
