package dev.emergence.report.chart;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lines of equal height on a grid: marching squares, with the segments of neighbouring cells
 * joined. Coordinates are fractional indices of columns (x) and rows (y). A saddle is decided by
 * the mean of its corners; cells with a missing corner are left out.
 */
final class ContourLines {
  private final double[][] z;
  private final double level;
  private final int columns;

  /** Edge of the grid to the one or two edges that a line goes on to. */
  private final Map<Integer, List<Integer>> next = new TreeMap<>();

  ContourLines(double[][] z, double level) {
    this.z = z;
    this.level = level;
    this.columns = z.length == 0 ? 0 : z[0].length;
  }

  List<Polyline> trace() {
    for (int row = 0; row + 1 < z.length; row++) {
      for (int column = 0; column + 1 < columns; column++) {
        cell(row, column);
      }
    }
    List<Polyline> lines = new ArrayList<>();
    while (!next.isEmpty()) {
      lines.add(line(next.keySet().iterator().next()));
    }
    return lines;
  }

  private void cell(int row, int column) {
    double a = z[row][column];
    double b = z[row][column + 1];
    double c = z[row + 1][column + 1];
    double d = z[row + 1][column];
    if (!Double.isFinite(a + b + c + d)) {
      return;
    }
    int south = horizontal(row, column);
    int north = horizontal(row + 1, column);
    int west = vertical(row, column);
    int east = vertical(row, column + 1);
    int corners =
        (a > level ? 1 : 0) | (b > level ? 2 : 0) | (c > level ? 4 : 0) | (d > level ? 8 : 0);
    boolean high = (a + b + c + d) / 4 > level;
    switch (corners) {
      case 1, 14 -> join(west, south);
      case 2, 13 -> join(south, east);
      case 3, 12 -> join(west, east);
      case 4, 11 -> join(east, north);
      case 6, 9 -> join(south, north);
      case 7, 8 -> join(west, north);
      case 5 -> saddle(high, west, north, south, east);
      case 10 -> saddle(!high, west, north, south, east);
      default -> {}
    }
  }

  /** Joined: the two high corners south-west and north-east belong together. */
  private void saddle(boolean joined, int west, int north, int south, int east) {
    join(west, joined ? north : south);
    join(east, joined ? south : north);
  }

  private int horizontal(int row, int column) {
    return 2 * (row * columns + column);
  }

  private int vertical(int row, int column) {
    return 2 * (row * columns + column) + 1;
  }

  private void join(int a, int b) {
    next.computeIfAbsent(a, e -> new ArrayList<>(2)).add(b);
    next.computeIfAbsent(b, e -> new ArrayList<>(2)).add(a);
  }

  private Polyline line(int start) {
    Deque<Integer> edges = new ArrayDeque<>();
    edges.add(start);
    for (Integer at = step(start); at != null; at = step(at)) {
      edges.addLast(at);
    }
    for (Integer at = step(start); at != null; at = step(at)) {
      edges.addFirst(at);
    }
    double[] x = new double[edges.size()];
    double[] y = new double[edges.size()];
    int i = 0;
    for (int edge : edges) {
      point(edge, i++, x, y);
    }
    return new Polyline(x, y);
  }

  /** Goes along one segment and removes it; null at a line's end. */
  private Integer step(int from) {
    List<Integer> ways = next.get(from);
    if (ways == null) {
      return null;
    }
    int to = ways.remove(0);
    if (ways.isEmpty()) {
      next.remove(from);
    }
    List<Integer> back = next.get(to);
    back.remove((Integer) from);
    if (back.isEmpty()) {
      next.remove(to);
    }
    return to;
  }

  private void point(int edge, int i, double[] x, double[] y) {
    boolean upright = (edge & 1) == 1;
    int row = edge / 2 / columns;
    int column = edge / 2 % columns;
    double from = z[row][column];
    double to = upright ? z[row + 1][column] : z[row][column + 1];
    double share = (level - from) / (to - from);
    x[i] = column + (upright ? 0 : share);
    y[i] = row + (upright ? share : 0);
  }
}
