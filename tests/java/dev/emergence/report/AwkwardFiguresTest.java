package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Fabricated;
import dev.emergence.plan.Plan;
import dev.emergence.report.chart.Figure;
import dev.emergence.result.Picture;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Every kind of figure over data that nobody hopes for. The pictures lie in {@code
 * target/figures/awkward} for who wants to look at them.
 */
class AwkwardFiguresTest {
  /** A document of more letters than this is not made a PDF too, which takes seconds. */
  private static final int LARGE = 150_000;

  private static final Path LOOK = Path.of("target", "figures", "awkward");

  @TestFactory
  Stream<DynamicTest> every_kind_of_figure_bears() {
    return AwkwardData.all().stream()
        .map(
            data ->
                DynamicTest.dynamicTest(data.name(), () -> bears(data.name(), data.drawings())));
  }

  @TestFactory
  Stream<DynamicTest> every_figure_of_the_toy_model_bears() {
    return AwkwardToys.all().stream()
        .map(
            toys ->
                DynamicTest.dynamicTest(
                    toys.name(), () -> bears("toys, " + toys.name(), toys.drawings())));
  }

  private static void bears(String name, Map<String, Drawing> drawings) throws IOException {
    Path folder = Files.createDirectories(LOOK.resolve(name.replace(", ", "_").replace(' ', '_')));
    SoftAssertions all = new SoftAssertions();
    for (Map.Entry<String, Drawing> entry : drawings.entrySet()) {
      String svg = entry.getValue().figure().svg();
      Files.writeString(folder.resolve(entry.getKey() + ".svg"), svg);
      all.check(() -> sound(name + ", " + entry.getKey(), svg));
      boolean small = svg.length() < LARGE;
      all.check(
          () -> assertThat(small ? entry.getValue().figure().pdf() : new byte[1]).isNotEmpty());
    }
    all.assertAll();
  }

  /** Well-formed, with texts, all of it inside the picture, and of a size that fits a page. */
  static void sound(String what, String svg) {
    Document document = Svg.parse(svg);
    assertThat(svg.contains("NaN") || svg.contains("Infinity"))
        .as("NaN or Infinity in " + what)
        .isFalse();
    double[] box =
        Arrays.stream(document.getDocumentElement().getAttribute("viewBox").split(" "))
            .mapToDouble(Double::parseDouble)
            .toArray();
    NodeList texts = document.getElementsByTagName("text");
    assertThat(texts.getLength()).as(what).isPositive();
    List<String> outside = new ArrayList<>();
    for (int i = 0; i < texts.getLength(); i++) {
      Element text = (Element) texts.item(i);
      double[] ends = ends(text);
      if (ends[0] < -1 || ends[1] > box[2] + 1 || ends[2] < -1 || ends[3] > box[3] + 1) {
        outside.add(text.getTextContent() + " " + Arrays.toString(ends));
      }
    }
    assertThat(outside).as("texts outside %s of %s", Arrays.toString(box), what).isEmpty();
  }

  /** Left, right, top and bottom of a text, in the font of this machine. */
  private static double[] ends(Element text) {
    double size = Double.parseDouble(text.getAttribute("font-size"));
    Font font = new Font("Liberation Sans", Font.PLAIN, 100);
    double width =
        font.getStringBounds(text.getTextContent(), new FontRenderContext(null, true, true))
                .getWidth()
            * size
            / 100;
    double from =
        switch (text.getAttribute("text-anchor")) {
          case "middle" -> -width / 2;
          case "end" -> -width;
          default -> 0;
        };
    if (!text.hasAttribute("transform")) {
      double x = Double.parseDouble(text.getAttribute("x"));
      double y = Double.parseDouble(text.getAttribute("y"));
      return new double[] {x + from, x + from + width, y - 0.75 * size, y + 0.25 * size};
    }
    String[] move = text.getAttribute("transform").split("[( )]+");
    double x = Double.parseDouble(move[1]);
    double y = Double.parseDouble(move[2]);
    double turn = Math.toRadians(Double.parseDouble(move[4]));
    double x1 = x + from * Math.cos(turn);
    double x2 = x + (from + width) * Math.cos(turn);
    double y1 = y + from * Math.sin(turn);
    double y2 = y + (from + width) * Math.sin(turn);
    return new double[] {Math.min(x1, x2), Math.max(x1, x2), Math.min(y1, y2), Math.max(y1, y2)};
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "2, 1, 12", "200, 3, 4", "64, 12, 12"})
  void attention_of_any_number_of_tokens_layers_and_heads_is_drawn(
      int tokens, int layers, int heads) throws IOException {
    Plan plan = Fabricated.plan("plots: {shape: {kind: attention, data: main, at: '40'}}\n");
    double[][] even = new double[tokens][tokens];
    for (int q = 0; q < tokens; q++) {
      Arrays.fill(even[q], 0, q + 1, 1.0 / (q + 1));
    }
    List<Picture> pictures = new ArrayList<>();
    for (int layer = 1; layer <= layers; layer++) {
      for (int head = 1; head <= heads; head++) {
        pictures.add(new Picture("40", 40, layer, head, even));
      }
    }
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 100));
    Figure figure = Report.figures(analysis, run -> pictures).get("shape");
    String name = "attention_" + tokens + "_" + layers + "_" + heads;
    Files.createDirectories(LOOK);
    Files.writeString(LOOK.resolve(name + ".svg"), figure.svg());
    sound(name, figure.svg());
    assertThat(Svg.all(figure.svg(), "image")).hasSize(layers * heads + 1);
    assertThat(figure.pdf()).isNotEmpty();
  }

  @Test
  void six_hundred_conditions_are_six_hundred_curves() {
    String plot =
        """
        seeds: {first: 0, count: 1}
        sweeps:
          s: {grid: {task.dim: {from: 2, to: 31, num: 30}, task.sequence_length: {from: 4, to: 80, num: 20}}}
        plots: {shape: {kind: learning_curves, data: s, y: test.loss, color: d}}
        """;
    assertThat(Svg.curves(Shape.svg(plot, (c, s) -> 100))).isEqualTo(600);
  }
}
