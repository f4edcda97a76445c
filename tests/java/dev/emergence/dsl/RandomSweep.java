package dev.emergence.dsl;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A random file with one sweep, and what its conditions should be by the rules of the language.
 * What a layer says is a map from paths to values, in no order; how it is written is chosen at
 * random.
 */
final class RandomSweep {
  private static final String TASK = "task: {kind: linear_regression, sequence_length: 8, dim: 3";

  /** Keys that every kind has, so that any of them may be set beside any kind. */
  private static final Map<String, List<String>> CHOICES =
      Map.of(
          "training.optimizer.kind", List.of("adam", "adamw", "sgd"),
          "training.optimizer.learning_rate", List.of("0.1", "0.2", "0.3"),
          "training.batch_size", List.of("4", "8", "16"),
          "architecture.kind", List.of("transformer", "gated_delta", "linear_attention"),
          "architecture.heads", List.of("1", "2", "8"),
          "architecture.layers", List.of("1", "3", "5"),
          "architecture.embedding_dim", List.of("16", "32", "64"));

  private static final Map<String, String> DEFAULTS =
      Map.of("training.optimizer.kind", "adam", "architecture.kind", "transformer");
  private static final Map<String, String> SYMBOLS =
      Map.of("training.optimizer.learning_rate", "lr", "architecture.heads", "heads");

  private final Random random;
  private final Map<String, String> file;
  private final Map<String, String> set;
  private final Map<String, String> profile;
  private final Map<String, String> profileSet;
  private final Map<String, Map<String, String>> variants = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> profileVariants = new LinkedHashMap<>();
  private final Map<String, List<String>> axes = new LinkedHashMap<>();
  private final Map<String, String> commandLine;
  private final boolean variantsFirst;

  RandomSweep(Random random) {
    this.random = random;
    file = some(3);
    set = some(3);
    profile = some(2);
    profileSet = some(2);
    for (String name : List.of("a", "b", "c").subList(0, random.nextInt(4))) {
      variants.put(name, some(3));
      profileVariants.put(name, some(2));
    }
    some(3).forEach((path, value) -> axes.put(path, shuffled(CHOICES.get(path)).subList(0, 2)));
    commandLine = some(2);
    axes.keySet().forEach(commandLine::remove);
    variants.values().forEach(v -> v.keySet().forEach(commandLine::remove));
    profileVariants.values().forEach(v -> v.keySet().forEach(commandLine::remove));
    variantsFirst = random.nextBoolean();
  }

  private Map<String, String> some(int most) {
    Map<String, String> layer = new LinkedHashMap<>();
    for (String path : shuffled(CHOICES.keySet()).subList(0, random.nextInt(most + 1))) {
      layer.put(path, shuffled(CHOICES.get(path)).get(0));
    }
    return layer;
  }

  /** In an order that follows from the random numbers alone. */
  private List<String> shuffled(java.util.Collection<String> items) {
    List<String> list = new ArrayList<>(items);
    Collections.sort(list);
    Collections.shuffle(list, random);
    return list;
  }

  /** Each condition as a file without sweeps, in the order of the sweep. */
  Map<String, String> conditions() {
    Map<String, String> ofFile = lay(lay(file, profile, Map.of()), commandLine, Map.of());
    Map<String, String> ofSweep = lay(lay(set, profileSet, file), commandLine, ofFile);
    Map<String, String> all = lay(ofFile, ofSweep, Map.of());
    Map<String, Map<String, String>> below = new LinkedHashMap<>();
    for (String name : variants.isEmpty() ? List.of("") : variants.keySet()) {
      Map<String, String> part =
          lay(
              variants.getOrDefault(name, Map.of()),
              profileVariants.getOrDefault(name, Map.of()),
              file);
      below.put(name, lay(all, lay(part, commandLine, all), Map.of()));
    }
    List<Map<String, String>> cells = List.of(Map.of());
    for (Map.Entry<String, List<String>> axis : axes.entrySet()) {
      List<Map<String, String>> more = new ArrayList<>();
      for (Map<String, String> cell : cells) {
        for (String value : axis.getValue()) {
          Map<String, String> longer = new LinkedHashMap<>(cell);
          longer.put(axis.getKey(), value);
          more.add(longer);
        }
      }
      cells = more;
    }
    Map<String, String> files = new LinkedHashMap<>();
    for (Object outer : variantsFirst ? below.keySet() : cells) {
      for (Object inner : variantsFirst ? cells : below.keySet()) {
        Object name = variantsFirst ? outer : inner;
        @SuppressWarnings("unchecked")
        Map<String, String> cell = (Map<String, String>) (variantsFirst ? inner : outer);
        files.put(
            name + new ArrayList<>(cell.values()).toString(),
            plain(lay(below.get(name), cell, Map.of())));
      }
    }
    return files;
  }

  /**
   * One layer above another, both by path: another kind takes the keys of the old one away, unless
   * they stand beside it.
   *
   * @param meant kinds that hold where the lower layer says none
   */
  private static Map<String, String> lay(
      Map<String, String> below, Map<String, String> above, Map<String, String> meant) {
    Map<String, String> laid = new LinkedHashMap<>(below);
    for (Map.Entry<String, String> standard : DEFAULTS.entrySet()) {
      String path = standard.getKey();
      String before = below.getOrDefault(path, meant.getOrDefault(path, standard.getValue()));
      if (!above.getOrDefault(path, before).equals(before)) {
        String owner = path.substring(0, path.lastIndexOf('.') + 1);
        laid.keySet().removeIf(key -> key.startsWith(owner));
      }
    }
    laid.putAll(above);
    return laid;
  }

  private static String plain(Map<String, String> values) {
    return "dsl: 1\nname: x\n" + TASK + "}\n" + lines(tree(values));
  }

  /** The file with its sweep and its profile. */
  String text() {
    String sweep = sweep(set, variants, true);
    String over = sweep(profileSet, profileVariants, false);
    return "dsl: 1\nname: x\n"
        + TASK
        + "}\n"
        + lines(tree(file))
        + "sweeps: {s: "
        + sweep
        + "}\nprofiles: {p: "
        + flow(tree(profile)).replaceFirst("}$", profile.isEmpty() ? "" : ", ")
        + "sweeps: {s: "
        + over
        + "}}}\n";
  }

  /** What {@code --set} is given. */
  List<String> sets() {
    return shuffled(commandLine.keySet()).stream()
        .map(path -> path + "=" + commandLine.get(path))
        .toList();
  }

  private String sweep(
      Map<String, String> settings, Map<String, Map<String, String>> named, boolean whole) {
    String set = "set: " + part(settings, true);
    String variants =
        named.entrySet().stream()
            .map(e -> e.getKey() + ": " + part(e.getValue(), false))
            .collect(Collectors.joining(", ", "variants: {", "}"));
    String grid =
        axes.entrySet().stream()
            .map(e -> e.getKey() + ": " + e.getValue())
            .collect(Collectors.joining(", ", "grid: {", "}"));
    String both = variantsFirst ? variants + ", " + grid : grid + ", " + variants;
    return "{" + set + ", " + (whole ? both : variants) + "}";
  }

  /** A part of a file, each key of it as a dotted path, nested, or as a symbol. */
  private String part(Map<String, String> values, boolean symbols) {
    Map<String, Object> written = new LinkedHashMap<>();
    Map<String, String> nested = new LinkedHashMap<>();
    for (String path : shuffled(values.keySet())) {
      String value = values.get(path);
      String owner = path.substring(0, path.lastIndexOf('.'));
      switch (random.nextInt(4)) {
        case 0 -> nested.put(path, value);
        case 1 -> written.put(path, value);
        case 2 -> written.put(symbols ? SYMBOLS.getOrDefault(path, path) : path, value);
        default -> {
          boolean asWord = path.endsWith(".kind") && owner.contains(".");
          written.put(asWord ? owner : path, value);
        }
      }
    }
    Map<String, Object> all = new LinkedHashMap<>();
    Map<String, Object> tree = tree(nested);
    List<String> keys = new ArrayList<>(written.keySet());
    keys.addAll(tree.keySet());
    shuffled(keys)
        .forEach(key -> all.put(key, written.containsKey(key) ? written.get(key) : tree.get(key)));
    return flow(all);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> tree(Map<String, String> values) {
    Map<String, Object> tree = new LinkedHashMap<>();
    values.forEach(
        (path, value) -> {
          Map<String, Object> at = tree;
          String[] keys = path.split("\\.");
          for (int i = 0; i < keys.length - 1; i++) {
            at = (Map<String, Object>) at.computeIfAbsent(keys[i], k -> new LinkedHashMap<>());
          }
          at.put(keys[keys.length - 1], value);
        });
    return tree;
  }

  private static String lines(Map<String, Object> tree) {
    return tree.entrySet().stream()
        .map(e -> e.getKey() + ": " + flow(e.getValue()) + "\n")
        .collect(Collectors.joining());
  }

  private static String flow(Object value) {
    return value instanceof Map<?, ?> map
        ? map.entrySet().stream()
            .map(e -> e.getKey() + ": " + flow(e.getValue()))
            .collect(Collectors.joining(", ", "{", "}"))
        : value.toString();
  }
}
