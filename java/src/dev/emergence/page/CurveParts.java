package dev.emergence.page;

import dev.emergence.result.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The curves of a report, within a budget: of the first metrics fewer points a run, then fewer
 * metrics, never fewer runs. The first metric is there however many runs there are. Values have all
 * their digits where every row is there and the space suffices, else single precision.
 *
 * @param parts by metric, as {@link CurveData} has them
 * @param said what was thinned or left out, a sentence each
 */
record CurveParts(Map<String, Map<String, Object>> parts, List<String> said) {
  private static final int BUDGET = 1_700_000;
  private static final int FIRST_METRICS = 3;

  /** What the first metrics may take together: with the fewest points they can pass the budget. */
  private static final int MOST = 3 * BUDGET;

  /** What may be spent beside the budget on values with all their digits. */
  private static final int EXACT = 500_000;

  private static final List<Integer> POINTS = List.of(400, 100, 25);

  static CurveParts of(List<RunView> runs, List<String> metrics) {
    Map<String, Map<String, Object>> parts = new LinkedHashMap<>();
    List<String> said = new ArrayList<>();
    int spent = 0;
    int exact = 0;
    int left = 0;
    for (int i = 0; i < metrics.size(); i++) {
      String metric = metrics.get(i);
      boolean first = i < FIRST_METRICS;
      if (i > 0 && spent >= (first ? MOST : BUDGET)) {
        left++; // However small: packing it to see its size takes long.
        continue;
      }
      int thinned = 0;
      Part part = Part.of(runs, metric, POINTS.get(0));
      while (first && part.size > BUDGET / FIRST_METRICS && thinned < POINTS.size() - 1) {
        part = Part.of(runs, metric, POINTS.get(++thinned));
      }
      if (i > 0 && spent + part.size > (first ? MOST : BUDGET)) {
        left++;
        continue;
      }
      if (thinned > 0) {
        int points = POINTS.get(thinned);
        said.add("Curves of " + metric + " have about " + points + " points a run here");
      }
      spent += part.size;
      if (part.isWhole() && exact < EXACT) {
        Part longer = Part.exact(runs, metric);
        int more = longer.size - part.size;
        if (exact + more <= EXACT) {
          exact += more;
          part = longer;
        }
      }
      parts.put(metric, part.data);
    }
    if (left > 0) {
      String metric = left == 1 ? " further metric is" : " further metrics are";
      said.add(left + metric + " in tables/curves.jsonl only");
    }
    return new CurveParts(parts, said);
  }

  /** One metric with so many points a run. */
  private record Part(Map<String, Object> data, int size) {
    static Part of(List<RunView> runs, String metric, int points) {
      Map<String, Object> data = CurveData.of(runs, metric, id -> true, points);
      return new Part(data, Json.line(data).length());
    }

    static Part exact(List<RunView> runs, String metric) {
      Map<String, Object> data = CurveData.exact(runs, metric, POINTS.get(0));
      return new Part(data, Json.line(data).length());
    }

    /** Whether every row is there. */
    boolean isWhole() {
      return data.get("counts").equals(data.get("total"));
    }
  }
}
