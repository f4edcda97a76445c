package dev.emergence.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** Where the words of lines across a panel stand among curves. */
class WordsOfLinesTest {
  private static final Axis STEP = Axis.of(RichText.plain("step"), Scale.LINEAR);
  private static final Axis LOSS = Axis.of(RichText.plain("loss"), Scale.LINEAR);
  private static final Color BLUE = new Color(0x0072B2);

  private static Layer curve(DoubleUnaryOperator y) {
    double[] xs = IntStream.rangeClosed(0, 200).mapToDouble(i -> i / 2.0).toArray();
    return new Layer.Line(xs, DoubleStream.of(xs).map(y).toArray(), BLUE, LineStyle.SOLID, 1.5);
  }

  private static Layer level(String word, double at) {
    return new Layer.Rule(false, at, RichText.plain(word), Color.BLACK, LineStyle.DOTTED);
  }

  private static String svg(Axis x, Axis y, List<Layer> layers) {
    return Figure.of(Panel.of(x, y).with(layers)).svg();
  }

  private static Box place(String svg, String word) {
    Element text =
        Documents.elements(svg, "text").stream()
            .filter(t -> t.getTextContent().equals(word))
            .findFirst()
            .orElseThrow();
    double size = Double.parseDouble(text.getAttribute("font-size"));
    double width = RichText.plain(word).width(size);
    double right = Double.parseDouble(text.getAttribute("x"));
    double baseline = Double.parseDouble(text.getAttribute("y"));
    return new Box(right - width, baseline - 0.7 * size, width, 0.7 * size);
  }

  /** Length of curves within a box. */
  private static double covered(String svg, Box box) {
    Ink ink = new Ink(new SvgCanvas(1, 1, Size.ofMillimetres(1, 1), "", ""));
    for (Element line : Documents.elements(svg, "polyline")) {
      if (line.getAttribute("stroke").equals("#0072b2")) {
        double[][] points =
            Arrays.stream(line.getAttribute("points").split(" "))
                .map(p -> Arrays.stream(p.split(",")).mapToDouble(Double::parseDouble).toArray())
                .toArray(double[][]::new);
        double[] x = Arrays.stream(points).mapToDouble(p -> p[0]).toArray();
        double[] y = Arrays.stream(points).mapToDouble(p -> p[1]).toArray();
        ink.line(x, y, x.length, Pen.solid(BLUE, 1));
      }
    }
    return ink.within(box);
  }

  /** All curves end just above and below the level; at the left they are far from it. */
  private static List<Layer> endingAtTheLevel(double level) {
    List<Layer> layers = new ArrayList<>();
    layers.add(level("blind", level));
    for (int k = 0; k < 8; k++) {
      double off = 0.01 * (k - 4);
      layers.add(curve(x -> x < 40 ? 0.1 + 0.02 * off : level + off));
    }
    return layers;
  }

  @Test
  void words_stand_where_no_curve_runs_through_them() {
    String svg = svg(STEP, LOSS, endingAtTheLevel(0.5));
    Box place = place(svg, "blind");
    assertThat(covered(svg, place)).isZero();
    assertThat(place.right()).as("at the left").isLessThan(200);
    assertThat(Documents.elements(svg, "polygon")).as("no plate is needed").isEmpty();
  }

  @Test
  void words_stay_at_the_right_end_where_no_curve_is() {
    String svg = svg(STEP, LOSS, List.of(level("blind", 0.5), curve(x -> 0.1 + 0.009 * (100 - x))));
    assertThat(place(svg, "blind").right()).isEqualTo(end(svg) - 2);
    assertThat(place(svg, "blind").bottom()).isLessThan(rule(svg));
  }

  /** Where curves lie above the level alone, its words stand below it. */
  @Test
  void words_stand_below_their_line_where_curves_run_above_it() {
    List<Layer> layers = new ArrayList<>(List.of(level("blind", 0.5), curve(x -> 0.1)));
    layers.add(curve(x -> 0.9));
    IntStream.range(1, 6).forEach(k -> layers.add(curve(x -> 0.5 + 0.012 * k)));
    String svg = svg(STEP, LOSS, layers);
    assertThat(covered(svg, place(svg, "blind"))).isZero();
    assertThat(place(svg, "blind").y()).isGreaterThan(rule(svg));
  }

  /** Height of the line whose words are placed. */
  private static double rule(String svg) {
    return ruled(svg, 1);
  }

  /** The right end of the panel, where that line ends. */
  private static double end(String svg) {
    return ruled(svg, 2);
  }

  private static double ruled(String svg, int coordinate) {
    return Documents.elements(svg, "polyline").stream()
        .filter(line -> line.hasAttribute("stroke-dasharray"))
        .map(line -> line.getAttribute("points").split("[ ,]")[coordinate])
        .mapToDouble(Double::parseDouble)
        .findFirst()
        .orElseThrow();
  }

  /** Steps from 1 to 100 on a logarithmic axis: the middle is at step 10. */
  @Test
  void places_are_those_on_the_axes_as_they_are_drawn() {
    Axis log = Axis.of(RichText.plain("step"), Scale.LOG);
    List<Layer> layers = new ArrayList<>(List.of(level("oracle", 0.3), curve(x -> 0.9)));
    IntStream.range(-5, 6).forEach(k -> layers.add(curve(x -> x < 10 ? 0.9 : 0.3 + 0.01 * k)));
    String svg = svg(log, LOSS, layers);
    assertThat(covered(svg, place(svg, "oracle"))).isZero();
  }

  @Test
  void words_among_curves_everywhere_stand_on_a_pale_plate_where_the_fewest_are() {
    List<Layer> layers = new ArrayList<>(List.of(level("blind", 0.5), curve(x -> 0.9)));
    IntStream.range(-9, 10).forEach(k -> layers.add(curve(x -> 0.5 + 0.007 * k)));
    IntStream.range(-9, 10)
        .forEach(k -> layers.add(curve(x -> x < 50 || x > 70 ? 0.5 + 0.0071 * k : 0.1)));
    String svg = svg(STEP, LOSS, layers);
    Box place = place(svg, "blind");
    Box end = new Box(end(svg) - 2 - place.width(), place.y(), place.width(), place.height());
    assertThat(covered(svg, place)).isPositive();
    assertThat(Documents.elements(svg, "polygon")).hasSize(1);
    assertThat(svg.indexOf("<polygon")).isGreaterThan(svg.lastIndexOf("#0072b2"));
    assertThat(covered(svg, place)).isLessThan(covered(svg, end));
  }

  @Test
  void a_line_outside_the_panel_has_no_words() {
    Axis part = LOSS.between(0, 0.2);
    String svg = svg(STEP, part, List.of(level("blind", 0.5), curve(x -> 0.1)));
    assertThat(Documents.texts(svg)).doesNotContain("blind");
  }
}
