package dev.emergence.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Snapshots of several folders as one. Sweeps of the same name over the same axes become one with
 * the folder as a further axis, so that two commits, devices or settings lie side by side; others
 * are named by their folder where their name alone does not tell them apart. Laws and claims keep
 * their folder's name.
 */
public final class Union {
  private static final String FOLDER = "folder";

  private final List<String> labels;
  private final List<Map<String, Object>> all;

  /** Where a folder's sweep went: its new name, and what is added to its conditions' indices. */
  private record Moved(String sweep, int offset) {}

  private final Map<List<Object>, Moved> moved = new LinkedHashMap<>();

  private Union(List<String> labels, List<Map<String, Object>> all) {
    this.labels = labels;
    this.all = all;
  }

  /**
   * One snapshot.
   *
   * @param labels of the folders, each different
   * @param snapshots one a folder, whose runs' names differ between folders
   */
  public static Map<String, Object> of(
      List<String> labels, List<Map<String, Object>> snapshots, long seq, String asOf) {
    return new Union(labels, snapshots).tree(seq, asOf);
  }

  private Map<String, Object> tree(long seq, String asOf) {
    List<Object> sweeps = sweeps();
    return Trees.of(
        "schema", all.get(0).get("schema"),
        "seq", seq,
        "as_of", asOf,
        "live", all.get(0).get("live"),
        "experiment", experiment(),
        "sweeps", sweeps,
        "metrics", distinct("metrics"),
        "thresholds", distinct("thresholds"),
        "levels", each("levels", this::line),
        "lines", each("lines", this::line),
        "runs", each("runs", this::run),
        "laws", each("laws", this::named),
        "claims", each("claims", this::named),
        "notes", each("notes", (folder, note) -> labels.get(folder) + ": " + note),
        "analysed", all.stream().allMatch(s -> Boolean.TRUE.equals(s.get("analysed"))),
        "left", left());
  }

  private Map<String, Object> experiment() {
    Set<String> names = new LinkedHashSet<>();
    Set<String> questions = new LinkedHashSet<>();
    List<Object> bases = new ArrayList<>();
    Map<String, Object> symbols = new LinkedHashMap<>();
    for (Map<String, Object> snapshot : all) {
      Map<String, Object> experiment = map(snapshot.get("experiment"));
      names.add((String) experiment.get("name"));
      questions.add((String) experiment.get("question"));
      bases.add(experiment.get("base"));
      map(experiment.get("symbols")).forEach(symbols::putIfAbsent);
    }
    return Trees.of(
        "name", String.join(", ", names),
        "question", String.join(" ", questions),
        "x", map(all.get(0).get("experiment")).get("x"),
        "symbols", symbols,
        "base", bases.get(0),
        "bases", bases,
        "folders", labels);
  }

  private List<Object> sweeps() {
    Map<List<Object>, List<Integer>> alike = new LinkedHashMap<>();
    Map<String, Set<List<Object>>> forms = new LinkedHashMap<>();
    for (int folder = 0; folder < all.size(); folder++) {
      for (Map<String, Object> sweep : maps(all.get(folder).get("sweeps"))) {
        List<Object> form = form(sweep);
        alike.computeIfAbsent(form, f -> new ArrayList<>()).add(folder);
        forms.computeIfAbsent((String) form.get(0), n -> new LinkedHashSet<>()).add(form);
      }
    }
    List<Object> out = new ArrayList<>();
    alike.forEach(
        (form, folders) -> {
          String name = (String) form.get(0);
          boolean clear = folders.size() > 1 || forms.get(name).size() == 1;
          String shown = clear ? name : labels.get(folders.get(0)) + ": " + name;
          out.add(joined(shown, form, folders));
        });
    return out;
  }

  /** Its name and the paths of its axes. */
  private static List<Object> form(Map<String, Object> sweep) {
    List<Object> form = new ArrayList<>(List.of(sweep.get("name")));
    maps(sweep.get("axes")).forEach(axis -> form.add(axis.get("path")));
    return form;
  }

  private Map<String, Object> joined(String name, List<Object> form, List<Integer> folders) {
    Map<String, Map<String, Object>> axes = new LinkedHashMap<>();
    Set<Object> seeds = new LinkedHashSet<>();
    List<Object> conditions = new ArrayList<>();
    int next = 0;
    for (int folder : folders) {
      Map<String, Object> sweep =
          maps(all.get(folder).get("sweeps")).stream()
              .filter(s -> form(s).equals(form))
              .findFirst()
              .orElseThrow();
      moved.put(List.of(folder, sweep.get("name")), new Moved(name, next));
      maps(sweep.get("axes"))
          .forEach(axis -> axes.merge((String) axis.get("path"), axis, this::both));
      seeds.addAll((List<?>) sweep.get("seeds"));
      int last = next - 1;
      for (Map<String, Object> condition : maps(sweep.get("conditions"))) {
        Map<String, Object> values = new LinkedHashMap<>();
        if (folders.size() > 1) {
          values.put(FOLDER, labels.get(folder));
        }
        values.putAll(map(condition.get("values")));
        int index = next + (Integer) condition.get("index");
        last = Math.max(last, index);
        Map<String, Object> one = new LinkedHashMap<>(condition);
        one.put("index", index);
        one.put("values", values);
        conditions.add(one);
      }
      next = last + 1;
    }
    List<Object> shown = new ArrayList<>();
    if (folders.size() > 1) {
      List<String> values = folders.stream().map(labels::get).toList();
      shown.add(Trees.of("path", FOLDER, "symbol", FOLDER, "values", values, "ordered", false));
    }
    shown.addAll(axes.values());
    return Trees.of(
        "name", name,
        "axes", shown,
        "conditions", conditions,
        "seeds", seeds.stream().sorted().toList());
  }

  /** An axis with the values of two folders. */
  private Map<String, Object> both(Map<String, Object> a, Map<String, Object> b) {
    Set<Object> values = new LinkedHashSet<>((List<?>) a.get("values"));
    values.addAll((List<?>) b.get("values"));
    List<Object> list = new ArrayList<>(values);
    if (list.stream().allMatch(Number.class::isInstance)) {
      list.sort(java.util.Comparator.comparingDouble(v -> ((Number) v).doubleValue()));
    }
    Map<String, Object> out = new LinkedHashMap<>(a);
    out.put("values", list);
    return out;
  }

  private Object line(int folder, Object line) {
    Map<String, Object> out = new LinkedHashMap<>(map(line));
    Map<String, Object> conditions = new LinkedHashMap<>();
    map(out.get("conditions"))
        .forEach(
            (sweep, indices) -> {
              Moved to = moved.get(List.of(folder, sweep));
              List<Object> shifted = new ArrayList<>();
              ((List<?>) indices).forEach(i -> shifted.add((Integer) i + to.offset()));
              conditions.put(to.sweep(), shifted);
            });
    out.put("conditions", conditions);
    return out;
  }

  private Object run(int folder, Object run) {
    Map<String, Object> out = new LinkedHashMap<>(map(run));
    List<Object> places = new ArrayList<>();
    for (Map<String, Object> place : maps(out.get("places"))) {
      places.add(place(folder, place));
    }
    out.put("places", places);
    out.put(FOLDER, folder);
    return out;
  }

  private Map<String, Object> place(int folder, Map<String, Object> place) {
    Moved to = moved.get(List.of(folder, place.get("sweep")));
    Map<String, Object> out = new LinkedHashMap<>(place);
    out.put("sweep", to.sweep());
    out.put("condition", (Integer) place.get("condition") + to.offset());
    return out;
  }

  private Object named(int folder, Object entry) {
    Map<String, Object> out = new LinkedHashMap<>(map(entry));
    out.put("name", labels.get(folder) + ": " + out.get("name"));
    return out;
  }

  /** The folder that takes longest decides: they are taken to be worked on side by side. */
  private Map<String, Object> left() {
    Map<String, Object> longest = Map.of();
    int of = 0;
    for (int folder = 0; folder < all.size(); folder++) {
      Map<String, Object> left = map(all.get(folder).get("left"));
      if (longest.isEmpty() || seconds(left) > seconds(longest)) {
        longest = left;
        of = folder;
      }
    }
    Map<String, Object> out = new LinkedHashMap<>(longest);
    if (seconds(out) > 0) {
      out.put("assumes", labels.get(of) + ": " + out.get("assumes"));
    }
    return out;
  }

  /** Unknown counts as longest. */
  private static double seconds(Map<String, Object> left) {
    return left.get("seconds") instanceof Number n ? n.doubleValue() : Double.POSITIVE_INFINITY;
  }

  private interface Change {
    Object of(int folder, Object entry);
  }

  private List<Object> each(String key, Change change) {
    List<Object> out = new ArrayList<>();
    for (int folder = 0; folder < all.size(); folder++) {
      for (Object entry : (List<?>) all.get(folder).get(key)) {
        out.add(change.of(folder, entry));
      }
    }
    return out;
  }

  private List<Object> distinct(String key) {
    Set<Object> out = new LinkedHashSet<>();
    all.forEach(snapshot -> out.addAll((List<?>) snapshot.get(key)));
    return List.copyOf(out);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object object) {
    return (Map<String, Object>) object;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> maps(Object list) {
    return (List<Map<String, Object>>) list;
  }
}
