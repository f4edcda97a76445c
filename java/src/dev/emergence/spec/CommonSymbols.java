package dev.emergence.spec;

import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Symbols that mean the same in experiments on every task: those of repetition, architecture and
 * training. Symbols of tasks are not among them, because a file has one task. What plug-ins add is
 * not asked for here, so that it can be compared with this.
 */
final class CommonSymbols {
  private static final Map<String, String> PATHS = read();

  private CommonSymbols() {}

  /** The dotted path of the value that a symbol stands for; empty where a task may have it. */
  static Optional<String> path(String symbol) {
    return Optional.ofNullable(PATHS.get(symbol));
  }

  private static Map<String, String> read() {
    Map<String, String> paths = new LinkedHashMap<>();
    for (Keys.Component part : Keys.of(RunConfig.class)) {
      if (part.type() != TaskSpec.class) {
        walk(part.type(), part.name(), paths);
      }
    }
    return paths;
  }

  private static void walk(Type type, String path, Map<String, String> to) {
    if (!(type instanceof Class<?> c)) {
      return;
    }
    if (Keys.isUnion(c)) {
      Keys.own(c).forEach(kind -> walk(kind, path, to));
    } else if (c.isRecord()) {
      for (Keys.Component key : Keys.of(c)) {
        String at = path + "." + key.name();
        if (!key.key().symbol().isEmpty()) {
          to.putIfAbsent(key.key().symbol(), at);
        }
        walk(key.type(), at, to);
      }
    }
  }
}
