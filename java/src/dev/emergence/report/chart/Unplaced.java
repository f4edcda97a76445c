package dev.emergence.report.chart;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Values that the scales of a panel cannot show: not positive on a logarithmic axis, infinite. */
final class Unplaced {
  private final Scale x;
  private final Scale y;

  private Unplaced(Scale x, Scale y) {
    this.x = x;
    this.y = y;
  }

  /** One value. */
  private record Place(double x, double y) {}

  /**
   * How many there are. A value that is drawn in several ways, as by a dot and by the line through
   * it, counts once. Values of several lines, as of several seeds, count each, where they are equal
   * too.
   */
  static int count(Panel panel) {
    Unplaced unplaced = new Unplaced(panel.x().scale(), panel.y().scale());
    List<Place> dots = new ArrayList<>();
    List<Place> lines = new ArrayList<>();
    List<Place> bars = new ArrayList<>();
    int edges = 0;
    for (Layer layer : panel.layers()) {
      if (layer instanceof Layer.Points p) {
        unplaced.collect(p.x(), p.y(), dots);
      } else if (layer instanceof Layer.Line l) {
        unplaced.collect(l.x(), l.y(), lines);
      } else if (layer instanceof Layer.Bars b) {
        unplaced.collect(b.x(), b.y(), bars);
      } else if (layer instanceof Layer.HeatMap h) {
        edges += edges(h.x(), unplaced.x) + edges(h.y(), unplaced.y);
      }
    }
    return edges + most(List.of(dots, lines, bars));
  }

  private void collect(double[] xs, double[] ys, List<Place> to) {
    for (int i = 0; i < xs.length; i++) {
      boolean known = !Double.isNaN(xs[i]) && !Double.isNaN(ys[i]);
      if (known && !(AxisScale.canShow(x, xs[i]) && AxisScale.canShow(y, ys[i]))) {
        to.add(new Place(xs[i] + 0.0, ys[i] + 0.0)); // no place is at -0
      }
    }
  }

  private static int edges(double[] centres, Scale scale) {
    int lost = 0;
    for (double edge : Extent.edges(centres, scale)) {
      lost += AxisScale.canShow(scale, edge) || Double.isNaN(edge) ? 0 : 1;
    }
    return lost;
  }

  /** Of each place as often as the way of drawing has it that has it most often. */
  private static int most(List<List<Place>> ways) {
    List<List<Place>> some = ways.stream().filter(way -> !way.isEmpty()).toList();
    if (some.size() == 1) {
      return some.get(0).size();
    }
    Map<Place, Integer> most = new HashMap<>();
    for (List<Place> way : some) {
      Map<Place, Integer> own = new HashMap<>();
      way.forEach(place -> own.merge(place, 1, Integer::sum));
      own.forEach((place, times) -> most.merge(place, times, Math::max));
    }
    return most.values().stream().mapToInt(times -> times).sum();
  }
}
