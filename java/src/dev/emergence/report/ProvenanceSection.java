package dev.emergence.report;

import dev.emergence.result.Provenance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What computed the runs: each distinct origin with the number of its runs. */
final class ProvenanceSection {
  private static final List<String> KEYS =
      List.of("version", "commit", "numerics", "device", "java", "os", "cpu");

  private ProvenanceSection() {}

  /**
   * @param provenances of the stored runs, as their folders have them
   */
  static Html of(List<Map<String, Object>> provenances) {
    Html out = new Html();
    List<String> keys = new ArrayList<>(KEYS);
    if (provenances.stream().anyMatch(p -> p.containsKey(Provenance.PLUGINS))) {
      keys.add(Provenance.PLUGINS);
    }
    Map<List<String>, Integer> counts = new LinkedHashMap<>();
    for (Map<String, Object> p : provenances) {
      counts.merge(
          keys.stream().map(key -> String.valueOf(p.getOrDefault(key, "unknown"))).toList(),
          1,
          Integer::sum);
    }
    if (counts.isEmpty()) {
      return out.text("p", "No run is stored yet.");
    }
    if (counts.size() > 1) {
      out.markup(
          "p",
          Badge.of("mixed", "open")
              + " The runs were computed in "
              + counts.size()
              + " different ways.");
    }
    List<String> header = new ArrayList<>(List.of("runs"));
    header.addAll(keys);
    List<List<String>> rows = new ArrayList<>();
    counts.forEach(
        (origin, count) -> {
          List<String> row = new ArrayList<>(List.of("<td class=\"number\">" + count + "</td>"));
          origin.forEach(value -> row.add(Html.escape(value)));
          rows.add(row);
        });
    return out.table(header, rows);
  }
}
