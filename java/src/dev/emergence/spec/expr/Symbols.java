package dev.emergence.spec.expr;

import dev.emergence.spec.Keys;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.Streams;
import dev.emergence.spec.TaskSpec;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apiguardian.api.API;

/**
 * The names that formulas, conditions and axes of plots may use for the values of a configuration.
 * There are four kinds: the papers' symbols ({@code d}, {@code T}), the last part of a path if it
 * is unique ({@code learning_rate}), whole paths ({@code training.batch_size}), and the names that
 * the file adds under {@code symbols:}.
 */
@API(status = API.Status.MAINTAINED)
public final class Symbols {
  /** The run's seed, in {@code where} and {@code color}. */
  public static final String SEED = "seed";

  /** The name of a condition's variant, in {@code where} and {@code color}. */
  public static final String VARIANT = "variant";

  private static final Map<String, Symbols> OF_TASK = new ConcurrentHashMap<>();

  private final Map<String, Symbol> byName = new LinkedHashMap<>();
  private final List<String> official = new ArrayList<>();
  private final Set<String> paths = new LinkedHashSet<>();
  private final Map<String, Set<String>> named = new LinkedHashMap<>();
  private final Map<String, String> docs = new LinkedHashMap<>();

  /**
   * One name.
   *
   * @param name the name
   * @param path the dotted path of its value
   * @param doc what the value is
   */
  public record Symbol(String name, String path, String doc) {}

  private Symbols() {}

  /**
   * The names for experiments with one task.
   *
   * @param taskKind the word of {@code task.kind}
   * @param extra the file's own names, each with a path
   */
  public static Symbols of(String taskKind, Map<String, String> extra) {
    String known = Keys.kinds(TaskSpec.class).containsKey(taskKind) ? taskKind : "";
    Symbols ofTask = OF_TASK.computeIfAbsent(known, Symbols::ofTask);
    if (extra.isEmpty()) {
      return ofTask;
    }
    Symbols symbols = new Symbols();
    symbols.byName.putAll(ofTask.byName);
    symbols.official.addAll(ofTask.official);
    symbols.paths.addAll(ofTask.paths);
    symbols.named.putAll(ofTask.named);
    extra.forEach(
        (name, path) -> symbols.byName.put(name, new Symbol(name, path, "symbols: in the file")));
    return symbols;
  }

  private static Symbols ofTask(String taskKind) {
    Symbols symbols = new Symbols();
    List<Symbol> papers = new ArrayList<>();
    for (Keys.Component c : Keys.of(RunConfig.class)) {
      if (c.type() == Streams.class) {
        continue; // They follow from seeds; no file names them.
      }
      symbols.walk(c.type(), c.name(), taskKind, papers);
    }
    papers.forEach(s -> symbols.byName.putIfAbsent(s.name(), s));
    symbols.official.addAll(symbols.byName.keySet());
    symbols.addLastSegments();
    return symbols;
  }

  private void walk(Type type, String path, String taskKind, List<Symbol> papers) {
    if (type instanceof ParameterizedType generic) {
      optional(generic, path);
      named(generic, path);
      return;
    }
    Class<?> c = (Class<?>) type;
    if (Keys.isUnion(c)) {
      paths.add(path + ".kind");
      Keys.kinds(c)
          .forEach(
              (kind, record) -> {
                if (!path.equals("task") || kind.equals(taskKind)) {
                  walk(record, path, taskKind, papers);
                }
              });
    } else if (c.isRecord()) {
      for (Keys.Component k : Keys.of(c)) {
        if (!k.key().symbol().isEmpty()) {
          papers.add(new Symbol(k.key().symbol(), path + "." + k.name(), k.key().doc()));
        }
        // Kinds may share a key; the first one, which is the usual one, says what it means.
        docs.putIfAbsent(path + "." + k.name(), k.key().doc());
        walk(k.type(), path + "." + k.name(), taskKind, papers);
      }
    } else {
      paths.add(path);
    }
  }

  /** A number that may be absent, such as a size without a limit. */
  private void optional(ParameterizedType type, String path) {
    boolean number =
        type.getRawType() == Optional.class
            && type.getActualTypeArguments()[0] instanceof Class<?> c
            && Number.class.isAssignableFrom(c);
    if (number) {
      paths.add(path);
    }
  }

  /** What files name themselves, thresholds and test sets: their numbers have paths, too. */
  private void named(ParameterizedType type, String path) {
    if (type.getRawType() == Map.class
        && type.getActualTypeArguments()[1] instanceof Class<?> c
        && c.isRecord()) {
      Set<String> numbers = new LinkedHashSet<>();
      Keys.of(c).stream()
          .filter(key -> isNumber(key.type()))
          .forEach(key -> numbers.add(key.name()));
      named.put(path, numbers);
    }
  }

  private static boolean isNumber(Type type) {
    Type of =
        type instanceof ParameterizedType generic && generic.getRawType() == Optional.class
            ? generic.getActualTypeArguments()[0]
            : type;
    return of == int.class
        || of == double.class
        || of instanceof Class<?> c && Number.class.isAssignableFrom(c);
  }

  private void addLastSegments() {
    Map<String, List<String>> bySegment = new LinkedHashMap<>();
    for (String path : paths) {
      bySegment
          .computeIfAbsent(path.substring(path.lastIndexOf('.') + 1), k -> new ArrayList<>())
          .add(path);
    }
    bySegment.forEach(
        (segment, found) -> {
          if (found.size() == 1) {
            String path = found.get(0);
            byName.putIfAbsent(segment, new Symbol(segment, path, docs.getOrDefault(path, "")));
          }
        });
  }

  /** The path for which a name stands: a symbol, the last part of a path, or a path itself. */
  public Optional<String> path(String name) {
    Symbol symbol = byName.get(name);
    if (symbol != null) {
      return Optional.of(symbol.path());
    }
    return isPath(name) ? Optional.of(name) : Optional.empty();
  }

  /**
   * Whether a name is the path of a single value in a configuration of this task. Of thresholds and
   * test sets it may be one of any name: {@code measurement.thresholds.plateau.below}.
   */
  public boolean isPath(String name) {
    int key = name.lastIndexOf('.');
    int own = name.lastIndexOf('.', key - 1);
    return paths.contains(name)
        || own > 0
            && own + 1 < key
            && named
                .getOrDefault(name.substring(0, own), Set.of())
                .contains(name.substring(key + 1));
  }

  /** The shortest name of a value: its symbol if it has one, else the last part of its path. */
  public String shortest(String name) {
    String path = path(name).orElse(name);
    String last = path.substring(path.lastIndexOf('.') + 1);
    Optional<String> symbol =
        byName.values().stream()
            .filter(s -> s.path().equals(path) && !s.name().equals(last))
            .map(Symbol::name)
            .findFirst();
    return byName.containsKey(name) && !name.equals(last) ? name : symbol.orElse(last);
  }

  /** Whether {@code name} stands for a value of a configuration. */
  public boolean has(String name) {
    return path(name).isPresent();
  }

  /** All names except whole paths, for lists and suggestions. */
  public Map<String, Symbol> all() {
    return Collections.unmodifiableMap(byName);
  }

  /** Only the papers' symbols. */
  public List<String> official() {
    return List.copyOf(official);
  }

  /**
   * Every path of a single value in a configuration of this task, but those that {@link #isPath}
   * adds.
   */
  public Set<String> paths() {
    return Collections.unmodifiableSet(paths);
  }

  /**
   * The value of a name in a configuration: a Long, Double, Boolean or String. Empty when the name
   * is unknown, or when the configuration has no such key, such as a key of another optimiser.
   */
  public Optional<Object> value(String name, RunConfig config) {
    return path(name).flatMap(path -> Paths.value(config, path));
  }

  /**
   * The values of some names as numbers. Switches are 0 or 1. Names without a number are left out.
   */
  public Map<String, Double> numbers(Set<String> names, RunConfig config) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (String name : names) {
      value(name, config).flatMap(Paths::number).ifPresent(value -> numbers.put(name, value));
    }
    return numbers;
  }
}
