package dev.emergence.report.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One pair of axes with what is drawn between them.
 *
 * @param layers painted in order
 * @param colorBar key of a heat map
 * @param notes sentences below the panel: what is not shown, and why
 * @param width of the drawing area in pixels
 * @param height of the drawing area in pixels
 */
public record Panel(
    RichText title,
    Axis x,
    Axis y,
    List<Layer> layers,
    Legend legend,
    Optional<ColorBar> colorBar,
    List<String> notes,
    double width,
    double height) {
  private static final double WIDTH = 330;
  private static final double HEIGHT = 240;

  public Panel {
    layers = List.copyOf(layers);
    notes = List.copyOf(notes);
  }

  /** An empty panel of the usual size. */
  public static Panel of(Axis x, Axis y) {
    return new Panel(
        RichText.EMPTY, x, y, List.of(), Legend.NONE, Optional.empty(), List.of(), WIDTH, HEIGHT);
  }

  /** With a title. */
  public Panel titled(RichText text) {
    return new Panel(text, x, y, layers, legend, colorBar, notes, width, height);
  }

  /** With these layers on top of the present ones. */
  public Panel with(List<? extends Layer> more) {
    List<Layer> all = new ArrayList<>(layers);
    all.addAll(more);
    return new Panel(title, x, y, all, legend, colorBar, notes, width, height);
  }

  /** With one more layer on top. */
  public Panel with(Layer layer) {
    return with(List.of(layer));
  }

  /** With a legend. */
  public Panel with(Legend other) {
    return new Panel(title, x, y, layers, other, colorBar, notes, width, height);
  }

  /** With a colour bar. */
  public Panel with(ColorBar bar) {
    return new Panel(title, x, y, layers, legend, Optional.of(bar), notes, width, height);
  }

  /** With one more note. */
  public Panel noting(String note) {
    List<String> all = new ArrayList<>(notes);
    all.add(note);
    return new Panel(title, x, y, layers, legend, colorBar, all, width, height);
  }

  /** With a drawing area of another size. */
  public Panel sized(double w, double h) {
    return new Panel(title, x, y, layers, legend, colorBar, notes, w, h);
  }
}
