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
  private final String lacking;
  private final Map<Class<?>, F> entries;

  private Catalog(String what, String lacking, Map<Class<?>, F> entries) {
    this.what = what;
    this.lacking = lacking;
    this.entries = entries;
  }

  /**
   * A catalog of all kinds.
   *
   * @param what the kinds in a word, for messages: {@code task}
   * @throws IllegalStateException naming the kinds that have no entry
   */
  public static <S, F> Catalog<S, F> complete(
      String what, Class<S> union, Map<? extends Class<? extends S>, ? extends F> entries) {
    TreeSet<String> forgotten = new TreeSet<>();
    Keys.kinds(union)
        .forEach(
            (kind, record) -> {
              if (!entries.containsKey(record)) {
                forgotten.add(kind);
              }
            });
    if (!forgotten.isEmpty()) {
      throw new IllegalStateException("no entry for " + what + " " + String.join(", ", forgotten));
    }
    return partial(what, "is not known", entries);
  }

  /**
   * A catalog of some kinds.
   *
   * @param what the kinds in a word, for messages: {@code optimizer}
   * @param lacking what is to be said of the others: {@code does not train on batches}
   */
  public static <S, F> Catalog<S, F> partial(
      String what, String lacking, Map<? extends Class<? extends S>, ? extends F> entries) {
    return new Catalog<>(what, lacking, new LinkedHashMap<>(entries));
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
              + lacking
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
