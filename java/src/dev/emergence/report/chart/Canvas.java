package dev.emergence.report.chart;

import java.awt.Color;

/**
 * What a figure is painted on: the SVG document and the image. Coordinates in units of a pixel, y
 * growing downwards.
 */
interface Canvas {
  /** A line through n points. */
  void line(double[] x, double[] y, int n, Pen pen);

  /** A filled area; a pen of width 0 draws no outline. */
  void area(double[] x, double[] y, Color fill, Pen outline);

  /** A filled disc with an outline. */
  void disc(double x, double y, double radius, Color fill, Pen outline);

  /** Text on its base line. */
  void text(RichText text, double x, double y, TextStyle style);

  /**
   * An image of cells, stretched over a box without smoothing.
   *
   * @param cells {@code [row][column]}, the first row on top
   */
  void cells(Color[][] cells, Box box);

  /** Paints within a box only. */
  void clipped(Box box, Runnable painting);
}
