package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.spec.FigureSpec;
import dev.emergence.spec.Lengths;
import dev.emergence.spec.Look;
import dev.emergence.spec.PlotSpec;
import java.util.List;
import java.util.regex.Pattern;

/** Whether words, sizes and colours of figures can be used. */
final class FigureChecks {
  private static final Pattern COLOR = Pattern.compile("#[0-9A-Fa-f]{6}");
  private static final List<String> WIDTHS = List.of("column", "page");

  private final References names;

  FigureChecks(References names) {
    this.names = names;
  }

  /** What all figures of the file have in common. */
  void all(FigureSpec figures) {
    if (!figures.width().equals("screen")) {
      width("figures.width", figures.width(), "screen, column, page");
    }
    length("figures.column", figures.column());
    length("figures.page", figures.page());
    for (String color : figures.colors()) {
      if (!COLOR.matcher(color).matches()) {
        refuse(
            "figures.colors",
            "'" + Texts.shorten(color) + "' is no colour",
            "write six hexadecimal digits in quotes, such as \"#0072B2\"");
      }
    }
    if (figures.formats().isEmpty()) {
      refuse("figures.formats", "figures.formats names no file", "such as [svg, png, pdf, csv]");
    }
  }

  /** What one figure says for itself. */
  void look(String path, PlotSpec plot) {
    Look look = plot.look();
    if (!look.size().width().isEmpty()) {
      width(path + ".size.width", look.size().width(), "column, page");
    }
    if (!look.size().height().isEmpty()) {
      length(path + ".size.height", look.size().height());
    }
    plot.facets().rows().ifPresent(name -> names.symbol(path + ".rows", name, true));
    plot.facets().columns().ifPresent(name -> names.symbol(path + ".columns", name, true));
  }

  private void width(String at, String text, String words) {
    if (!WIDTHS.contains(text) && Lengths.millimetres(text).isEmpty()) {
      refuse(
          at,
          "'" + Texts.shorten(text) + "' is no width",
          "write " + words + ", or a length from 20mm to 2000mm such as 85mm, 3.3in, 8.5cm");
    }
  }

  private void length(String at, String text) {
    if (Lengths.millimetres(text).isEmpty()) {
      refuse(
          at,
          "'" + Texts.shorten(text) + "' is no length",
          "write a length from 20mm to 2000mm such as 85mm, 3.3in, 8.5cm");
    }
  }

  private void refuse(String at, String found, String hint) {
    names.out().report(names.place(at), Code.E140, found, hint);
  }
}
