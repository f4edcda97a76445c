package dev.emergence.spec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * What stands for each kind of something: a factory, say. A kind without an entry is found when the
 * catalog's class is loaded, not when a run meets it.
 *
 * @param <S> the interface of the kinds, which lists them: see {@link Keys#kinds}
 * @param <F> what stands for a kind
 */
public final class Catalog<S, F> {
  private final String what;
  private final Map<Class<?>, F> entries;
  private final Map<Class<?>, String> lacking;

  private Catalog(String what, Map<Class<?>, F> entries, Map<Class<?>, String> lacking) {
    this.what = what;
    this.entries = entries;
    this.lacking = lacking;
  }

  /**
   * A catalog of all kinds.
   *
   * @param what the kinds in a word, for messages: {@code task}
   * @throws IllegalStateException naming the kinds that have no entry
   */
  public static <S, F> Catalog<S, F> complete(
      String what, Class<S> union, Map<? extends Class<? extends S>, ? extends F> entries) {
    return complete(what, union, entries, Map.of());
  }

  /**
   * A catalog of all kinds but some that cannot have an entry.
   *
   * @param what the kinds in a word, for messages: {@code optimizer}
   * @param lacking of each of those, what is to be said: {@code does not train on batches}
   * @throws IllegalStateException naming the kinds that are in neither
   */
  public static <S, F> Catalog<S, F> complete(
      String what,
      Class<S> union,
      Map<? extends Class<? extends S>, ? extends F> entries,
      Map<? extends Class<? extends S>, String> lacking) {
    TreeSet<String> forgotten = new TreeSet<>();
    Keys.kinds(union)
        .forEach(
            (kind, record) -> {
              if (!entries.containsKey(record) && !lacking.containsKey(record)) {
                forgotten.add(kind);
              }
            });
    if (!forgotten.isEmpty()) {
      throw new IllegalStateException("no entry for " + what + " " + String.join(", ", forgotten));
    }
    return new Catalog<>(what, new LinkedHashMap<>(entries), new LinkedHashMap<>(lacking));
  }

  /**
   * What stands for the kind of a record.
   *
   * @throws IllegalArgumentException naming the known kinds when this one has no entry
   */
  public F of(S spec) {
    F found = entries.get(spec.getClass());
    if (found == null) {
      TreeSet<String> known = new TreeSet<>();
      entries.keySet().forEach(c -> known.add(word(c)));
      throw new IllegalArgumentException(
          what
              + " '"
              + word(spec.getClass())
              + "' "
              + lacking.getOrDefault(spec.getClass(), "is not known")
              + "; known: "
              + String.join(", ", known));
    }
    return found;
  }

  private static String word(Class<?> record) {
    Kind kind = record.getAnnotation(Kind.class);
    return kind == null ? record.getSimpleName() : kind.value();
  }
}
