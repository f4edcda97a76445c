package dev.emergence.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class FigureTest {
  private static final Axis LINEAR = Axis.of(RichText.plain("x"), Scale.LINEAR);
  private static final Axis LOG = Axis.of(RichText.plain("y"), Scale.LOG);
  private static final Color BLUE = new Color(0x0072B2);

  @Test
  void an_empty_panel_says_so() {
    assertThat(texts(Panel.of(LINEAR, LOG))).contains("no data", "There is nothing to draw.");
  }

  @Test
  void a_figure_without_panels_says_so() {
    Figure none = new Figure(RichText.EMPTY, List.of(), 3);
    assertThat(Documents.texts(none.svg())).containsExactly("There is nothing to draw.");
  }

  @Test
  void a_figure_that_needs_more_than_its_size_says_so_of_each_side() {
    Figure free = Figure.of(Panel.of(LINEAR, LINEAR).sized(400, 300));
    assertThat(free.outgrown()).isEmpty();
    Figure small = free.in(Style.SCREEN, Size.ofMillimetres(20, 10));
    assertThat(small.outgrown().orElseThrow())
        .matches("[0-9.]+ mm wide instead of 20 mm and [0-9.]+ mm high instead of 10 mm");
    assertThat(free.in(Style.SCREEN, Size.ofMillimetres(150, 120)).outgrown()).isEmpty();
    assertThat(free.in(Style.SCREEN, Size.ofMillimetres(20, Double.NaN)).outgrown().orElseThrow())
        .contains(" mm wide instead of 20 mm")
        .doesNotContain("high");
  }

  @Test
  void a_single_point_stands_inside_its_axes() {
    Panel panel = Panel.of(LINEAR, LOG).with(points(new double[] {3}, new double[] {250}));
    double cx =
        Double.parseDouble(
            Documents.elements(Figure.of(panel).svg(), "circle").get(0).getAttribute("cx"));
    assertThat(cx).isBetween(100.0, 330.0);
  }

  @Test
  void values_without_a_place_on_a_logarithmic_axis_are_counted_in_a_note() {
    Panel panel =
        Panel.of(LINEAR, LOG).with(points(new double[] {3, 4, 5}, new double[] {-1, 0, 7}));
    String svg = Figure.of(panel).svg();
    assertThat(Documents.elements(svg, "circle")).hasSize(1);
    assertThat(String.join(" ", Documents.texts(svg)))
        .contains("2 values have no place on these axes");
  }

  @Test
  void a_value_without_a_place_counts_once_however_it_is_drawn() {
    double[] x = {0, 4, 5};
    double[] y = {0, 0, 7};
    Axis logX = Axis.of(RichText.plain("x"), Scale.LOG);
    Layer line = new Layer.Line(x, y, BLUE, LineStyle.SOLID, 1);
    Panel dotted = Panel.of(logX, LOG).with(line).with(points(x, y));
    assertThat(String.join(" ", texts(dotted))).contains("2 values have no place on these axes");
    Layer other = new Layer.Line(x, new double[] {3, 0, 9}, BLUE, LineStyle.DASHED, 1);
    assertThat(String.join(" ", texts(dotted.with(other))))
        .contains("4 values have no place on these axes");
  }

  @Test
  void words_beside_a_small_heat_map_are_whole() {
    ColorScale colors = new ColorScale(10, 5000, Scale.LOG);
    Layer map =
        new Layer.HeatMap(
            new double[] {0, 1},
            new double[] {0, 1},
            new double[][] {{10, 90}, {70, 5000}},
            colors);
    List<RichText> two = List.of(RichText.plain("8"), RichText.plain("16"));
    String bar = "steps until the attention of the leading head finds the relevant token";
    String rows = "occurrences of the relevant token in a context (in_context)";
    Panel panel =
        Panel.of(Axis.ofWords(RichText.plain("d"), two), Axis.ofWords(RichText.plain(rows), two))
            .sized(160, 100)
            .with(map)
            .with(new ColorBar(RichText.plain(bar), colors));
    for (Size size : List.of(Size.FREE, Size.ofMillimetres(60, 40))) {
      Style style = size.equals(Size.FREE) ? Style.SCREEN : Style.inPoints(9, 8, 7, 7, 0.85, "");
      List<Panel> four = List.of(panel, panel, panel, panel);
      for (Figure figure : List.of(Figure.of(panel), new Figure(RichText.EMPTY, four, 4))) {
        String svg = figure.in(style, size).svg();
        assertThat(String.join(" ", Documents.texts(svg))).doesNotContain("…").contains(bar, rows);
        assertThat(uprightTexts(svg)).allMatch(ends -> ends[0] >= 0 && ends[1] <= height(svg));
      }
    }
  }

  /** Upper and lower ends of the texts that run upwards. */
  private static List<double[]> uprightTexts(String svg) {
    List<double[]> out = new ArrayList<>();
    for (Element text : Documents.elements(svg, "text")) {
      String[] place = text.getAttribute("transform").split("[( )]+");
      if (place[0].equals("translate")) {
        double size = Double.parseDouble(text.getAttribute("font-size"));
        double half = RichText.plain(text.getTextContent()).width(size) / 2;
        out.add(
            new double[] {
              Double.parseDouble(place[2]) - half, Double.parseDouble(place[2]) + half
            });
      }
    }
    assertThat(out).isNotEmpty();
    return out;
  }

  private static double height(String svg) {
    String[] box = Documents.elements(svg, "svg").get(0).getAttribute("viewBox").split(" ");
    return Double.parseDouble(box[3]);
  }

  @Test
  void a_box_of_values_without_a_place_adds_nothing_to_their_count() {
    Layer box = new Layer.BoxPlot(3, 0.5, new double[] {0, 0, 0, 4, 7}, Color.BLACK);
    Panel panel =
        Panel.of(LINEAR, LOG)
            .with(points(new double[] {3, 3, 3}, new double[] {0, 0, 7}))
            .with(box);
    assertThat(String.join(" ", Documents.texts(Figure.of(panel).svg())))
        .contains("2 values have no place on these axes");
  }

  @Test
  void panels_of_nothing_but_unplaceable_values_are_drawn_with_their_note() {
    Panel panel =
        Panel.of(LINEAR, LOG)
            .with(points(new double[] {1}, new double[] {-5}))
            .noting("All 20 runs are unreached.");
    assertThat(texts(panel)).contains("no data", "All 20 runs are unreached.");
  }

  @Test
  void limits_where_nothing_lies_are_named() {
    Panel nothing =
        Panel.of(LINEAR.between(1e6, 1e7), LINEAR)
            .with(points(new double[] {3, 4}, new double[] {1, 2}));
    assertThat(texts(nothing)).contains("Nothing lies within these limits.");
    Panel some =
        Panel.of(LINEAR.between(0, 3.5), LINEAR)
            .with(points(new double[] {3, 4}, new double[] {1, 2}));
    assertThat(texts(some)).contains("1 point lies beyond the limits.");
    Panel across =
        Panel.of(LINEAR.between(3.4, 3.6), LINEAR)
            .with(
                new Layer.Line(new double[] {3, 4}, new double[] {1, 2}, BLUE, LineStyle.SOLID, 1));
    assertThat(texts(across)).doesNotContain("Nothing lies within these limits.");
  }

  @Test
  void ten_thousand_points_stay_a_small_document_that_shows_the_extremes() {
    Random random = new Random(3);
    double[] x = IntStream.range(0, 10000).mapToDouble(i -> i).toArray();
    double[] y = IntStream.range(0, 10000).mapToDouble(i -> random.nextDouble()).toArray();
    y[5555] = 40;
    Panel panel = Panel.of(LINEAR, LINEAR).with(new Layer.Line(x, y, BLUE, LineStyle.SOLID, 1.5));
    String svg = Figure.of(panel).svg();
    assertThat(svg.length()).isLessThan(60_000);
    double top = points(svg).stream().mapToDouble(p -> p[1]).min().orElseThrow();
    assertThat(points(svg).stream().filter(p -> p[1] < top + 100).count()).isEqualTo(1);
    assertThat(
            Documents.elements(
                    Figure.of(Panel.of(LINEAR, LINEAR).with(points(x, y))).svg(), "circle")
                .size())
        .isBetween(500, 10_000);
  }

  @Test
  void very_long_names_are_cut_and_the_picture_keeps_its_size() {
    String name = "plateau of a very long name & with <markup> \"quotes\" ".repeat(20);
    Legend legend =
        new Legend(
            RichText.plain(name),
            Collections.nCopies(
                80,
                new Legend.Entry(
                    RichText.plain(name),
                    BLUE,
                    Optional.of(LineStyle.DASHED),
                    Optional.of(Mark.of(BLUE, Marker.CROSS)))));
    Panel panel =
        Panel.of(
                Axis.of(RichText.plain(name), Scale.SYMLOG),
                Axis.of(RichText.plain(name), Scale.LINEAR))
            .titled(RichText.plain(name))
            .with(points(new double[] {-1e5, 1e5}, new double[] {-3, 4}))
            .with(legend)
            .noting("x".repeat(5000));
    String svg = new Figure(RichText.plain(name), List.of(panel), 1).svg();
    assertThat(Double.parseDouble(Documents.parse(svg).getDocumentElement().getAttribute("width")))
        .isLessThan(700);
    assertThat(String.join("|", Documents.texts(svg))).contains("…").contains("and 69 more");
  }

  @Test
  void lines_of_a_title_follow_each_other_above_their_panel() {
    Panel panel =
        Panel.of(LINEAR, LINEAR)
            .titled(RichText.plain("several words of a title ".repeat(6).strip()))
            .with(points(new double[] {1, 2, 3}, new double[] {1, 2, 3}));
    String svg = Figure.of(panel).svg();
    double[] lines =
        Documents.elements(svg, "text").stream()
            .filter(t -> t.getTextContent().contains("title"))
            .mapToDouble(t -> Double.parseDouble(t.getAttribute("y")))
            .toArray();
    assertThat(lines).hasSizeGreaterThan(1);
    assertThat(lines[0]).isGreaterThan(8);
    for (int i = 1; i < lines.length; i++) {
      assertThat(lines[i] - lines[i - 1]).isBetween(11.0, 20.0);
    }
    assertThat(Documents.elements(svg, "circle"))
        .hasSize(3)
        .allSatisfy(
            c ->
                assertThat(Double.parseDouble(c.getAttribute("cy")))
                    .isGreaterThan(lines[lines.length - 1]));
  }

  @Test
  void lines_of_a_turned_label_follow_each_other_left_of_their_axis() {
    Axis tall =
        Axis.of(RichText.plain("several words of a label ".repeat(6).strip()), Scale.LINEAR);
    Panel panel =
        Panel.of(LINEAR, tall).with(points(new double[] {1, 2, 3}, new double[] {1, 2, 3}));
    String svg = Figure.of(panel).svg();
    double[] lines =
        Documents.elements(svg, "text").stream()
            .filter(t -> t.getTextContent().contains("label"))
            .map(
                t ->
                    t.getAttribute("x").isEmpty()
                        ? t.getAttribute("transform")
                        : t.getAttribute("x"))
            .mapToDouble(
                t -> Double.parseDouble(t.replaceAll("[^0-9. ]", " ").strip().split(" +")[0]))
            .toArray();
    assertThat(lines).as(svg).hasSizeGreaterThan(1);
    for (int i = 1; i < lines.length; i++) {
      assertThat(lines[i] - lines[i - 1]).isBetween(11.0, 20.0);
    }
  }

  @Test
  void dashes_grow_with_the_width_of_their_line() {
    for (double width : new double[] {0.5, 1, 5}) {
      Layer line =
          new Layer.Line(
              new double[] {1, 2}, new double[] {1, 2}, BLUE, LineStyle.LONG_DASH, width);
      String svg = Figure.of(Panel.of(LINEAR, LINEAR).with(line)).svg();
      double[] dashes =
          Arrays.stream(svg.replaceAll("(?s).*stroke-dasharray=\"([^\"]*)\".*", "$1").split(" "))
              .mapToDouble(Double::parseDouble)
              .toArray();
      double[] plain =
          Arrays.stream(LineStyle.LONG_DASH.dashes()).map(d -> d * (width == 5 ? 4 : 1)).toArray();
      assertThat(dashes).containsExactly(plain, within(0.01));
    }
  }

  @Test
  void text_is_text_and_powers_are_raised() {
    Panel panel =
        Panel.of(Axis.of(RichText.symbol("N_pairs"), Scale.LINEAR), LOG)
            .with(points(new double[] {1, 2}, new double[] {5, 5e6}));
    String svg = Figure.of(panel).svg();
    assertThat(svg).contains("10<tspan dy=\"-3.99\" font-size=\"7.56\">4</tspan>");
    assertThat(svg)
        .contains(
            "<tspan font-style=\"italic\">N</tspan><tspan dy=\"2.64\""
                + " font-size=\"8.64\">pairs</tspan>");
  }

  @Test
  void a_picture_refers_to_nothing_outside_itself() {
    String svg =
        everything()
            .svg()
            .replace("http://www.w3.org/2000/svg", "")
            .replace("http://www.w3.org/1999/xlink", "");
    assertThat(svg).doesNotContain("http").doesNotContain("file:").doesNotContain("<script");
  }

  @Test
  void the_same_figure_gives_the_same_bytes() throws Exception {
    assertThat(everything().svg()).isEqualTo(everything().svg());
    assertThat(everything().png()).isEqualTo(everything().png());
  }

  @Test
  void the_image_has_two_pixels_a_unit_and_shows_the_colours() throws Exception {
    Panel panel =
        Panel.of(LINEAR, LINEAR)
            .with(
                new Layer.Line(new double[] {0, 1}, new double[] {2, 2}, BLUE, LineStyle.SOLID, 6));
    Figure figure = Figure.of(panel);
    var image = ImageIO.read(new ByteArrayInputStream(figure.png()));
    double width =
        Double.parseDouble(
            Documents.parse(figure.svg()).getDocumentElement().getAttribute("width"));
    assertThat(image.getWidth()).isEqualTo((int) (2 * width));
    long blue =
        IntStream.range(0, image.getHeight())
            .filter(y -> (image.getRGB(image.getWidth() / 2, y) & 0xFFFFFF) == 0x0072B2)
            .count();
    assertThat(blue).isBetween(10L, 13L);
  }

  @Test
  void an_image_for_print_has_its_dots_an_inch_and_its_width_on_paper() throws Exception {
    Figure figure =
        Figure.of(Panel.of(LINEAR, LINEAR))
            .in(Style.inPoints(9, 8, 7, 6.5, 1, Style.SANS), Size.ofMillimetres(85, Double.NaN));
    byte[] png = figure.png(300);
    // 85 mm are 3.3465 inches.
    assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isBetween(1003, 1005);
    String chunks = new String(png, java.nio.charset.StandardCharsets.ISO_8859_1);
    int at = chunks.indexOf("pHYs") + 4;
    assertThat(java.nio.ByteBuffer.wrap(png, at, 4).getInt())
        .as("dots in a metre: 300 / 0.0254")
        .isEqualTo(11811);
    assertThat(png[at + 8]).as("the unit is the metre").isEqualTo((byte) 1);
  }

  @Test
  void an_upper_triangle_of_a_heat_map_stands_where_its_axes_say() {
    // Queries run downwards: row 0 is on top.
    double[][] z = {{1, 0}, {0.5, 0.5}};
    double[] two = {0, 1};
    Panel panel =
        Panel.of(LINEAR.between(-0.5, 1.5), LINEAR.between(1.5, -0.5))
            .sized(80, 80)
            .with(new Layer.HeatMap(two, two, z, new ColorScale(0, 1, Scale.LINEAR)));
    var image = imageOf(panel);
    int left = image.getWidth() / 3;
    int top = image.getHeight() / 4;
    assertThat(image.getRGB(left, top) & 0xFFFFFF).isEqualTo(Palette.ramp(1).getRGB() & 0xFFFFFF);
  }

  private static java.awt.image.BufferedImage imageOf(Panel panel) {
    try {
      return ImageIO.read(new ByteArrayInputStream(Figure.of(panel).png()));
    } catch (java.io.IOException | FontsMissing e) {
      throw new AssertionError(e);
    }
  }

  private static Figure everything() {
    double[] x = {1, 2, 3};
    double[][] z = {{1, 2, 3}, {4, Double.NaN, 6}, {7, 8, 90}};
    ColorScale colors = ColorScale.covering(z, Scale.LOG);
    Panel map =
        Panel.of(LINEAR, LINEAR)
            .with(new Layer.HeatMap(x, x, z, colors))
            .with(new Layer.Contours(x, x, z, new double[] {5, 30}, Color.WHITE))
            .with(new ColorBar(RichText.plain("loss"), colors));
    Panel lines =
        Panel.of(LINEAR, LOG)
            .titled(RichText.plain("both"))
            .with(new Layer.Band(x, new double[] {1, 0, 2}, new double[] {3, 4, 5}, BLUE))
            .with(new Layer.Line(x, new double[] {2, Double.NaN, 3}, BLUE, LineStyle.DOTTED, 1))
            .with(
                new Layer.Points(
                    x,
                    x,
                    new double[] {-1, 1, 2},
                    new double[] {2, 3, 4},
                    Mark.of(BLUE, Marker.AT_LEAST),
                    List.of()))
            .with(new Layer.Rule(true, 2, RichText.plain("here"), BLUE, LineStyle.DASHED))
            .with(new Layer.Rule(false, 2, RichText.symbol("beta"), BLUE, LineStyle.DASHED))
            .with(
                new Legend(
                    RichText.symbol("d"),
                    List.of(
                        Legend.Entry.both(RichText.ofNumber(16), Mark.of(BLUE, Marker.SQUARE)))));
    return new Figure(RichText.plain("all"), List.of(map, lines, Panel.of(LINEAR, LOG)), 2);
  }

  @Test
  void words_of_lines_that_are_close_to_each_other_do_not_touch() {
    List<Layer> rules = new ArrayList<>();
    List<String> names = List.of("oracle", "in context", "blind", "unigram");
    for (int i = 0; i < names.size(); i++) {
      RichText word = RichText.plain(names.get(i));
      rules.add(new Layer.Rule(false, 1 + 0.01 * i, word, BLUE, LineStyle.DOTTED));
    }
    rules.add(new Layer.Rule(false, 2, RichText.plain("far"), BLUE, LineStyle.DOTTED));
    Figure figure = new Figure(RichText.EMPTY, List.of(Panel.of(LINEAR, LINEAR).with(rules)), 1);
    Document svg = Documents.parse(figure.svg());
    List<Box> places = new ArrayList<>();
    NodeList texts = svg.getElementsByTagName("text");
    for (int i = 0; i < texts.getLength(); i++) {
      Element text = (Element) texts.item(i);
      if (names.contains(text.getTextContent())) {
        double size = Double.parseDouble(text.getAttribute("font-size"));
        double width = RichText.plain(text.getTextContent()).width(size);
        double right = Double.parseDouble(text.getAttribute("x"));
        double baseline = Double.parseDouble(text.getAttribute("y"));
        places.add(new Box(right - width, baseline - 0.75 * size, width, 0.75 * size));
      }
    }
    assertThat(places).hasSize(4);
    for (Box place : places) {
      assertThat(places.stream().filter(place::touches)).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.03, 0.05, 0.08, 0.2})
  void no_other_line_lies_between_a_line_and_its_words(double apart) {
    // In the order of a file, the upper ones last.
    Map<String, Double> levels = new LinkedHashMap<>();
    levels.put("oracle", 1.0);
    levels.put("unigram", 2.08 - apart);
    levels.put("blind", 2.08);
    List<Layer> rules = new ArrayList<>();
    // There is room above the highest level.
    rules.add(new Layer.Rule(false, 2.4, RichText.EMPTY, BLUE, LineStyle.SOLID));
    levels.forEach(
        (name, at) ->
            rules.add(new Layer.Rule(false, at, RichText.plain(name), BLUE, LineStyle.DOTTED)));
    Figure figure = new Figure(RichText.EMPTY, List.of(Panel.of(LINEAR, LINEAR).with(rules)), 1);
    double[] heights =
        Documents.elements(figure.svg(), "polyline").stream()
            .filter(line -> !line.getAttribute("stroke-dasharray").isEmpty())
            .map(line -> line.getAttribute("points").split("[ ,]"))
            .mapToDouble(points -> Double.parseDouble(points[1]))
            .toArray();
    assertThat(heights).hasSize(3);
    List<String> names = List.copyOf(levels.keySet());
    for (Element text : Documents.elements(figure.svg(), "text")) {
      int own = names.indexOf(text.getTextContent());
      if (own >= 0) {
        double baseline = Double.parseDouble(text.getAttribute("y"));
        double top = baseline - 0.7 * Double.parseDouble(text.getAttribute("font-size"));
        double from = Math.min(top, heights[own]);
        double to = Math.max(baseline, heights[own]);
        assertThat(Arrays.stream(heights).filter(y -> y >= from && y <= to).toArray())
            .as("lines from %s to %s of %s", from, to, names.get(own))
            .containsExactly(heights[own]);
      }
    }
  }

  @Test
  void a_figure_of_a_given_width_has_it_and_its_letters_keep_their_points() {
    Style print = Style.inPoints(9, 8, 7, 6.5, 0.8, Style.SANS);
    for (double width : new double[] {60, 85, 178}) {
      for (int columns = 1; columns <= 3; columns++) {
        Figure figure =
            new Figure(RichText.EMPTY, everything().panels(), columns)
                .in(print, Size.ofMillimetres(width, Double.NaN));
        String svg = figure.svg();
        var root = Documents.parse(svg).getDocumentElement();
        boolean crowded = width / columns < 45;
        if (!crowded) {
          assertThat(root.getAttribute("width")).isEqualTo(SvgCanvas.number(width) + "mm");
        }
        double unitsInMillimetre =
            Double.parseDouble(root.getAttribute("viewBox").split(" ")[2])
                / Double.parseDouble(root.getAttribute("width").replace("mm", ""));
        assertThat(unitsInMillimetre).isCloseTo(96 / 25.4, within(0.01));
        assertThat(
                Documents.elements(svg, "text").stream()
                    .mapToDouble(t -> Double.parseDouble(t.getAttribute("font-size")))
                    .min())
            .hasValueCloseTo(6.5 * 96 / 72, within(0.01));
      }
    }
  }

  @Test
  void a_figure_of_a_given_height_has_it() {
    Figure figure =
        Figure.of(everything().panels().get(1)).in(Style.SCREEN, Size.ofMillimetres(85, 50));
    assertThat(Documents.parse(figure.svg()).getDocumentElement().getAttribute("height"))
        .isEqualTo("50mm");
  }

  @Test
  void a_legend_that_is_too_wide_for_its_figure_stands_below_in_columns() {
    Legend legend =
        new Legend(
            RichText.plain("optimiser"),
            IntStream.range(0, 6)
                .mapToObj(
                    i ->
                        Legend.Entry.line(
                            RichText.plain("with a learning rate of " + i), BLUE, LineStyle.SOLID))
                .toList());
    Panel panel =
        Panel.of(LINEAR, LINEAR)
            .with(points(new double[] {1, 2}, new double[] {3, 4}))
            .with(legend);
    String svg =
        Figure.of(panel)
            .in(Style.inPoints(9, 8, 7, 6.5, 1, Style.SANS), Size.ofMillimetres(85, Double.NaN))
            .svg();
    double axis = y(svg, "x");
    assertThat(y(svg, "with a learning rate of 0")).isGreaterThan(axis);
    assertThat(y(svg, "with a learning rate of 5")).isGreaterThan(axis);
  }

  @Test
  void panels_that_share_a_legend_show_it_once() {
    Legend legend =
        new Legend(
            RichText.symbol("d"),
            List.of(Legend.Entry.line(RichText.ofNumber(16), BLUE, LineStyle.SOLID)));
    Panel panel =
        Panel.of(LINEAR, LINEAR)
            .with(points(new double[] {1, 2}, new double[] {3, 5}))
            .with(legend);
    Figure figure =
        new Figure(RichText.EMPTY, List.of(panel.lettered(RichText.plain("(a)")), panel, panel), 3);
    assertThat(Documents.texts(figure.svg()).stream().filter(t -> t.equals("16"))).hasSize(1);
    assertThat(Documents.texts(figure.svg())).contains("(a)");
  }

  @Test
  void names_that_begin_and_end_alike_are_shortened_to_what_differs() {
    Legend legend =
        new Legend(
            RichText.EMPTY,
            IntStream.range(0, 12)
                .mapToObj(
                    i ->
                        Legend.Entry.line(
                            RichText.plain(
                                "adam_with_learned_positions_none_norm_"
                                    + "abcdefghijkl".charAt(i)
                                    + "_and_gelu_activation_everywhere"),
                            BLUE,
                            LineStyle.SOLID))
                .toList());
    List<String> texts =
        texts(
            Panel.of(LINEAR, LINEAR)
                .with(points(new double[] {1, 2}, new double[] {3, 5}))
                .with(legend));
    assertThat(texts).contains("…a_…", "…l_…");
  }

  @Test
  void words_on_an_axis_that_do_not_fit_are_slanted_and_none_is_lost() {
    List<RichText> words =
        IntStream.range(0, 12)
            .mapToObj(i -> RichText.plain("variant number " + i + " of a long name"))
            .toList();
    Panel panel =
        Panel.of(Axis.ofWords(RichText.plain("variant"), words), LINEAR)
            .with(points(new double[] {0, 11}, new double[] {3, 5}));
    String svg = Figure.of(panel).svg();
    assertThat(
            Documents.elements(svg, "text").stream()
                .filter(t -> t.getAttribute("transform").contains("rotate(-35)")))
        .hasSizeGreaterThanOrEqualTo(12);
  }

  @Test
  void a_pdf_embeds_its_font_and_its_text_can_be_read_back() throws Exception {
    byte[] pdf = everything().titled(RichText.plain("Größe ≤ 3·10⁻⁴ λ")).pdf();
    try (var document = org.apache.pdfbox.Loader.loadPDF(pdf)) {
      String text = new org.apache.pdfbox.text.PDFTextStripper().getText(document);
      // The reader takes text that runs upwards for lines of their own.
      assertThat(text.replace("\n", "")).contains("Größe ≤ 3·10", "both", "loss", "here", "β");
      for (var name : document.getPage(0).getResources().getFontNames()) {
        assertThat(document.getPage(0).getResources().getFont(name).isEmbedded()).isTrue();
      }
    }
    assertThat(pdf).isEqualTo(everything().titled(RichText.plain("Größe ≤ 3·10⁻⁴ λ")).pdf());
  }

  private static double y(String svg, String text) {
    return Documents.elements(svg, "text").stream()
        .filter(t -> t.getTextContent().equals(text))
        .mapToDouble(t -> Double.parseDouble(t.getAttribute("y")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no '" + text + "' in " + Documents.texts(svg)));
  }

  private static Layer.Points points(double[] x, double[] y) {
    return Layer.Points.plain(x, y, BLUE, Marker.CIRCLE);
  }

  private static List<String> texts(Panel panel) {
    return Documents.texts(Figure.of(panel).svg());
  }

  /** Corners of the last line of a document whose other lines are ticks and frames. */
  private static List<double[]> points(String svg) {
    String longest =
        Documents.elements(svg, "polyline").stream()
            .map(e -> e.getAttribute("points"))
            .max(java.util.Comparator.comparingInt(String::length))
            .orElseThrow();
    return java.util.Arrays.stream(longest.split(" "))
        .map(p -> java.util.Arrays.stream(p.split(",")).mapToDouble(Double::parseDouble).toArray())
        .toList();
  }
}
