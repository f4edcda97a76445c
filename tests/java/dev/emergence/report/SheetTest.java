package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Yaml;
import dev.emergence.report.chart.Axis;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.LineStyle;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.report.chart.Scale;
import dev.emergence.spec.FigureSpec;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SheetTest {
  private static final FigureSpec SPEC = Yaml.plan(Yaml.TINY).experiment().figures();

  private static Sheet sheet(int lines) {
    double[] x = IntStream.range(0, 100).asDoubleStream().toArray();
    List<Layer> layers = new ArrayList<>();
    for (int line = 0; line < lines; line++) {
      int turn = line;
      double[] y = IntStream.range(0, 100).mapToDouble(i -> Math.sin(i * 7.3 + turn)).toArray();
      layers.add(new Layer.Line(x, y, Color.BLUE, LineStyle.SOLID, 1));
    }
    Axis axis = Axis.of(RichText.plain("step"), Scale.LINEAR);
    return new Sheet(Figure.of(Panel.of(axis, axis).with(layers)), SPEC);
  }

  @Test
  void few_lines_are_shown_as_they_are() {
    Sheet few = sheet(3);
    assertThat(few.html("curves")).isEqualTo(few.svg()).startsWith("<svg");
  }

  @Test
  void lines_that_would_make_the_page_slow_are_shown_as_a_picture_of_the_same_size() {
    Sheet many = sheet(3000);
    assertThat(many.svg().length()).isGreaterThan(Sheet.MOST_LINES);
    String width = many.svg().replaceAll("(?s)^<svg[^>]* width=\"([^\"]*)\".*", "$1");
    assertThat(many.html("a<b"))
        .startsWith("<img alt=\"a&lt;b\" style=\"width: " + width + "px\" src=\"data:image/png;")
        .endsWith("MB larger. plots/a&lt;b.svg has them.</p>")
        .hasSizeLessThan(Sheet.MOST_LINES);
  }
}
