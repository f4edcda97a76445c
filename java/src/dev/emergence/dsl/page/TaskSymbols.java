package dev.emergence.dsl.page;

import dev.emergence.spec.Keys;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.expr.Symbols;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The names of values that can be set in experiments with one task. */
public final class TaskSymbols {
  /** Values that tasks refuse whose data do not repeat. */
  private static final Set<String> REPETITION =
      Set.of("repetition.in_context", "repetition.cross_sample");

  private TaskSymbols() {}

  /**
   * The papers' symbols, and a file's own.
   *
   * @param kind the word of {@code task.kind}
   * @param own the file's own names, each with a path
   * @param all whether last parts of paths that are unique are among them
   */
  public static List<Symbols.Symbol> of(String kind, Map<String, String> own, boolean all) {
    Symbols symbols = Symbols.of(kind, own);
    boolean repeats = repeats(kind);
    return symbols.all().values().stream()
        .filter(s -> all || own.containsKey(s.name()) || symbols.official().contains(s.name()))
        .filter(symbol -> repeats || !REPETITION.contains(symbol.path()))
        .toList();
  }

  /** Whether data may repeat, as a task says that has {@link TaskSpec#copies} of its own. */
  private static boolean repeats(String kind) {
    try {
      Class<?> owner = Keys.kinds(TaskSpec.class).get(kind).getMethod("copies").getDeclaringClass();
      return owner != TaskSpec.class;
    } catch (NoSuchMethodException e) {
      throw new AssertionError("every task has it", e);
    }
  }
}
