package dev.emergence.watch;

import com.sun.net.httpserver.HttpExchange;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a request asks for beside its name. A number that is misspelt counts as left out.
 *
 * @param values by name, the first of each
 * @param lastEvent number that the browser last heard, in its own words; empty without
 */
record Query(Map<String, String> values, String lastEvent) {
  private static final int MOST_POINTS = 100_000;

  static Query of(HttpExchange exchange) {
    Map<String, String> values = new HashMap<>();
    String raw = exchange.getRequestURI().getQuery();
    for (String part : raw == null ? new String[0] : raw.split("&")) {
      int at = part.indexOf('=');
      if (at > 0) {
        values.putIfAbsent(part.substring(0, at), part.substring(at + 1));
      }
    }
    String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    return new Query(values, last == null ? values.getOrDefault("after", "") : last);
  }

  private String value(String name) {
    return values.getOrDefault(name, "");
  }

  String metric() {
    return value("metric");
  }

  /** Ids of runs; empty for all. */
  Set<String> runs() {
    String ids = value("runs");
    return ids.isEmpty() ? Set.of() : Set.of(ids.split(",", 5000));
  }

  /** The most points that a curve may have. */
  int points() {
    String points = value("points");
    return points.matches("\\d{1,6}") ? Math.min(MOST_POINTS, Integer.parseInt(points)) : 400;
  }

  /** The last step that is asked for. */
  double until() {
    String until = value("until");
    boolean number = until.matches("\\d{1,18}(\\.\\d{1,18})?(e[+-]?\\d{1,3})?");
    return number ? Double.parseDouble(until) : Double.POSITIVE_INFINITY;
  }

  /**
   * The last number that a browser knows: of the stream that broke off, or else of its snapshot.
   */
  long heard() {
    return lastEvent.matches("\\d{1,15}") ? Long.parseLong(lastEvent) : -1;
  }
}
