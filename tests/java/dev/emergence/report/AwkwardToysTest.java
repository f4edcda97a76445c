package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** What figures of the toy model show where their data are awkward. */
class AwkwardToysTest {
  private static String svg(String data, String plot) {
    AwkwardToys toys =
        AwkwardToys.all().stream().filter(t -> t.name().equals(data)).findFirst().orElseThrow();
    return toys.drawings().get(plot).figure().svg();
  }

  private static String words(String svg) {
    return String.join("\n", Svg.texts(svg));
  }

  /** Places of discs, as {@code x y}. */
  private static List<String> discs(String svg) {
    return Svg.all(svg, "circle").stream()
        .map(c -> c.getAttribute("cx") + " " + c.getAttribute("cy"))
        .distinct()
        .toList();
  }

  private static List<Element> images(String svg) {
    return Svg.all(svg, "image");
  }

  @Test
  void a_line_that_never_moves_is_a_dot() {
    // Three runs at one place, in two quantities: 0 and 0.5.
    assertThat(discs(svg("nothing happened", "phase"))).hasSize(2);
    assertThat(discs(svg("one token", "relation"))).hasSize(1);
  }

  @Test
  void a_landscape_without_any_path_says_so() {
    assertThat(words(svg("no rows", "land"))).contains("White: contours. No run has a path here.");
    assertThat(words(svg("no rows", "land_linear"))).contains("No run has a path here.");
    assertThat(words(svg("no rows", "land_linear"))).doesNotContain("contours");
    assertThat(words(svg("one point", "land")))
        .contains("White: contours, and the path of each run from its dot.");
  }

  @Test
  void a_path_starts_where_its_numbers_do() {
    assertThat(discs(svg("a late start", "land"))).hasSize(1);
    assertThat(discs(svg("numbers that are none", "land"))).isEmpty();
  }

  @Test
  void a_loss_beyond_all_numbers_is_grey_and_said() {
    assertThat(words(svg("numbers that are tiny and huge", "land_turned")))
        .contains("Grey: the loss is too large for a number.");
    assertThat(words(svg("one point", "land_turned"))).doesNotContain("Grey");
  }

  @Test
  void a_heat_map_fills_the_limits_however_near_they_are() {
    Element map = images(svg("numbers equal to rounding", "land")).get(0);
    assertThat(Double.parseDouble(map.getAttribute("width"))).isEqualTo(330);
    assertThat(Double.parseDouble(map.getAttribute("height"))).isEqualTo(240);
  }

  @Test
  void strokes_of_quantities_theory_and_optimum_differ() {
    List<String> dashes =
        Svg.all(svg("one point", "everything"), "polyline").stream()
            .filter(line -> line.getAttribute("stroke").equals("#444444"))
            .map(line -> line.getAttribute("stroke-dasharray"))
            .toList();
    assertThat(dashes).hasSize(4).doesNotHaveDuplicates();
  }

  @Test
  void panels_that_say_a_value_need_no_legend_of_it() {
    for (String plot : List.of("multiples", "relations")) {
      List<String> texts = Svg.texts(svg("nothing happened", plot));
      assertThat(texts.stream().filter(t -> t.equals("T = 64"))).as(plot).hasSize(1);
    }
    assertThat(words(svg("nothing happened", "multiples")))
        .contains("A line for each run.")
        .doesNotContain("A single run.");
  }

  @Test
  void titles_of_panels_have_one_spelling() {
    assertThat(Svg.texts(svg("long context", "multiples"))).contains("T = 105", "T = 106");
  }

  @Test
  void a_long_legend_is_thinned_in_its_values_alone() {
    List<String> texts = Svg.texts(svg("two hundred conditions", "phase"));
    assertThat(texts).contains("4", "800", "and 189 more", "w", "test loss");
  }
}
