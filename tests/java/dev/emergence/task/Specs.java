package dev.emergence.task;

import dev.emergence.spec.Defaults;
import dev.emergence.spec.Keys;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.Parts;
import dev.emergence.spec.RepetitionSpec;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.TrainingSpec;
import dev.emergence.spec.TransformerSpec;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Arbitrary settings of a task, from the ranges that its record's keys declare: every word of an
 * enum, both switches, whole numbers from the least allowed one on. Settings that no file may have
 * are left out: those that the record's constructor or its {@link TaskSpec#rules} refuse.
 */
public final class Specs {
  private Specs() {}

  /**
   * Settings whose whole numbers are at most {@code largest}.
   *
   * @param largest at least the smallest number that each key allows
   */
  public static <S extends Record & TaskSpec> Arbitrary<S> of(Class<S> type, int largest) {
    List<Keys.Component> keys = Keys.of(type);
    List<Arbitrary<Object>> values = new ArrayList<>();
    keys.forEach(key -> values.add(value(key, key.type(), largest)));
    return Combinators.combine(values)
        .as(
            chosen -> {
              Map<String, Object> named = new LinkedHashMap<>();
              for (int i = 0; i < chosen.size(); i++) {
                named.put(keys.get(i).name(), chosen.get(i));
              }
              return allowed(type, named);
            })
        .filter(Optional::isPresent)
        .map(Optional::get);
  }

  /** The settings with these values; empty where a file with them would be refused. */
  private static <S extends Record & TaskSpec> Optional<S> allowed(
      Class<S> type, Map<String, Object> named) {
    S spec;
    try {
      spec = type.cast(Keys.construct(type, named));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
    Parts parts =
        new Parts(
            spec,
            Defaults.with(RepetitionSpec.class, Map.of()),
            Defaults.with(TransformerSpec.class, Map.of()),
            Defaults.with(TrainingSpec.class, Map.of()),
            Defaults.with(MeasurementSpec.class, Map.of()),
            new ArrayList<>());
    spec.rules(parts);
    boolean contradicts = parts.found().stream().anyMatch(p -> p.path().startsWith("task"));
    return contradicts ? Optional.empty() : Optional.of(spec);
  }

  private static Arbitrary<Object> value(Keys.Component key, Type type, int largest) {
    if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
      return value(key, generic.getActualTypeArguments()[0], largest).optional().map(v -> v);
    }
    if (type == int.class || type == Integer.class) {
      int most = (int) Math.min(largest, key.key().max());
      return Arbitraries.integers().between((int) key.key().min(), most).map(v -> v);
    }
    if (type == boolean.class || type == Boolean.class) {
      return Arbitraries.of((Object) true, false);
    }
    if (type == double.class || type == Double.class) {
      return Arbitraries.doubles()
          .between(key.key().min(), Math.min(largest, key.key().max()))
          .map(v -> v);
    }
    if (type instanceof Class<?> word && word.isEnum()) {
      return Arbitraries.of(word.getEnumConstants()).map(v -> v);
    }
    throw new IllegalArgumentException(
        key.name() + " is a " + type + ", for which there are no arbitrary values yet");
  }
}
