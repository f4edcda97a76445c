package dev.emergence.report.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One pair of axes with what is drawn between them.
 *
 * @param title centred above
 * @param letter at the upper left corner: {@code (a)}
 * @param layers painted in order
 * @param colorBar key of a heat map
 * @param notes sentences that go under the figure: what the marks are, what is not shown, and why
 * @param width of the drawing area in units, when the figure has no size of its own
 * @param height of the drawing area likewise
 * @param beside what the ranges of the axes cover, too: layers of panels that must have the same
 */
public record Panel(
    RichText title,
    RichText letter,
    Axis x,
    Axis y,
    List<Layer> layers,
    Legend legend,
    Optional<ColorBar> colorBar,
    List<String> notes,
    double width,
    double height,
    List<Layer> beside) {
  private static final double WIDTH = 330;
  private static final double HEIGHT = 240;

  public Panel {
    layers = List.copyOf(layers);
    notes = List.copyOf(notes);
    beside = List.copyOf(beside);
  }

  /** An empty panel of the usual size. */
  public static Panel of(Axis x, Axis y) {
    return new Panel(
        RichText.EMPTY,
        RichText.EMPTY,
        x,
        y,
        List.of(),
        Legend.NONE,
        Optional.empty(),
        List.of(),
        WIDTH,
        HEIGHT,
        List.of());
  }

  /** With a title. */
  public Panel titled(RichText text) {
    return new Panel(text, letter, x, y, layers, legend, colorBar, notes, width, height, beside);
  }

  /** With a letter. */
  public Panel lettered(RichText text) {
    return new Panel(title, text, x, y, layers, legend, colorBar, notes, width, height, beside);
  }

  /** With these layers on top of the present ones. */
  public Panel with(List<? extends Layer> more) {
    List<Layer> all = new ArrayList<>(layers);
    all.addAll(more);
    return new Panel(title, letter, x, y, all, legend, colorBar, notes, width, height, beside);
  }

  /** With one more layer on top. */
  public Panel with(Layer layer) {
    return with(List.of(layer));
  }

  /** With a legend. */
  public Panel with(Legend other) {
    return new Panel(title, letter, x, y, layers, other, colorBar, notes, width, height, beside);
  }

  /** With a colour bar. */
  public Panel with(ColorBar bar) {
    return new Panel(
        title, letter, x, y, layers, legend, Optional.of(bar), notes, width, height, beside);
  }

  /** With one more note. */
  public Panel noting(String note) {
    List<String> all = new ArrayList<>(notes);
    all.add(note);
    return new Panel(title, letter, x, y, layers, legend, colorBar, all, width, height, beside);
  }

  /** With a drawing area of another size. */
  public Panel sized(double w, double h) {
    return new Panel(title, letter, x, y, layers, legend, colorBar, notes, w, h, beside);
  }

  /** With axes that cover these layers, too. */
  public Panel beside(List<Layer> others) {
    return new Panel(title, letter, x, y, layers, legend, colorBar, notes, width, height, others);
  }
}
