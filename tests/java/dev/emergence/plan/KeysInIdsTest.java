package dev.emergence.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.InvalidSpec;
import dev.emergence.spec.Key;
import dev.emergence.spec.Keys;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.RunConfig;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A stored run is used for every configuration of its id. So each key of a configuration either is
 * in the id, or cannot change what was measured.
 */
class KeysInIdsTest {
  /** Keys that are not in the id, with what makes that safe. */
  static final Map<String, String> OUTSIDE =
      new TreeMap<>(
          Map.of(
              "RunConfig.training.tokens_per_step",
              "the batch_size that follows from it is in the id",
              "RunConfig.training.max_steps",
              "nothing depends on it; a run is continued",
              "RunConfig.training.max_time",
              "a flow is integrated again when it changes",
              "RunConfig.measurement.thresholds",
              "they are read off the curve",
              "RunConfig.measurement.stop",
              "it follows from the curve; a run is continued",
              "RunConfig.measurement.attention.pictures_at",
              "what is looked at does not change; a run without them is trained again",
              "RunConfig.measurement.attention.film",
              "as pictures",
              "RunConfig.measurement.checkpoints_at",
              "what is kept does not change; a run without them is trained again"));

  /** Keys of which no configuration below has another valid value, with the reason. */
  private static final Map<String, String> ONE_VALUE =
      Map.of(
          "GradientFlow.solver", "there is one solver",
          "ParameterGroup.frozen", "a frozen group has no rates, and others have one",
          "Streams.init", "seeds.vary sets them; see below",
          "Streams.data", "likewise",
          "Streams.task", "likewise",
          "Streams.test", "likewise",
          "Threshold.from", "a change of the repetition cannot have it",
          "Threshold.smooth", "likewise",
          "Threshold.member", "likewise");

  private static final String TOKENS = "{kind: associative_recall, pairs: 4, tokens: 16}";
  private static final String VECTORS = "{kind: linear_regression, dim: 4, sequence_length: 6}";
  private static final String PLAIN =
      "{kind: linear_regression, dim: 3, sequence_length: 5, relevant_position: last,"
          + " relevant_feature: false}";
  private static final String ADAM = "{kind: adam}";

  /** Together they have all kinds of tasks, architectures, optimisers and schedules. */
  private static Stream<RunConfig> configurations() {
    Stream<String> tasks =
        Stream.of(
                VECTORS,
                TOKENS,
                "{kind: linear_map, cells: 4, parents: 2, states: 3}",
                "{kind: linear_map, cells: 4, parents: 2, states: 2, row_zipf: 1.0}",
                "{kind: cellular_automaton, cells: 6, colours: 3, rules: 4, states: 3}",
                "{kind: block_recall, blocks: 4, attributes: 3, relevant: 2}",
                "{kind: synthetic_language, vocabulary: 64, sequence_length: 32}",
                "{kind: markov_chain, symbols: 2, sequence_length: 8}",
                "{kind: multi_query_recall, pairs: 4, queries: 2, keys: 16, values: 16}",
                "{kind: in_context_classification, pairs: 4, classes: 16, labels: 4, dim: 4}",
                "{kind: interleaved_chains, symbols: 3, sequence_length: 10}",
                "{kind: causal_graph, symbols: 3, sequence_length: 8}",
                "{kind: trigger_bigrams, vocabulary: 16, sequence_length: 12}",
                "{kind: modular_addition, modulus: 7}",
                "{kind: window_sum, numbers: 5, modulus: 7}")
            .map(task -> file(task, "transformer", ADAM, "", ""));
    Stream<String> architectures =
        Stream.of(
                "transformer, positional_encoding: rotary, logit_bias: [{toward: offset,"
                    + " strength: 1.5, layers: [0], heads: [0]}]",
                "mlp_mixer",
                "mlp_mixer, form: multi_map, embedding_dim: 8, groups: 2",
                "linear_attention, feature: elu",
                "gated_delta",
                "diagonal_rnn")
            .map(kind -> file(VECTORS, kind, ADAM, "", ""));
    Stream<String> optimisers =
        Stream.of(
                "{kind: adamw, groups: [{parameters: output, learning_rate: 0.1}]}",
                "{kind: adamw, groups: [{parameters: output, learning_rate_factor: 0.1}]}",
                "{kind: muon, groups: [{parameters: output, frozen: true}]}",
                "{kind: adam, groups: [{parameters: output, frozen: true}]}",
                "{kind: sgd}")
            .map(optimiser -> file(TOKENS, "transformer", optimiser, "", ""));
    String change = "{in_context: 2, cross_sample: 0.5, changes: [{%s, in_context: 1}]}";
    String when = "when: {metric: test.loss, %s: 0.2}";
    Stream<String> others =
        Stream.of(
            file(PLAIN, "transformer", ADAM, "", ""),
            file(PLAIN, "toy", "{kind: gradient_flow}", "", ""),
            file(PLAIN, "toy, dynamics: sgd", "{kind: sgd}", "", ""),
            file(VECTORS, "transformer", ADAM, ", schedule: {kind: cosine, decay_steps: 9}", ""),
            file(VECTORS, "transformer", ADAM, ", tokens_per_step: 36", ""),
            file(VECTORS, "transformer", ADAM, "", change.formatted("at: 3")),
            file(VECTORS, "transformer", ADAM, "", change.formatted(when.formatted("below"))),
            file(VECTORS, "transformer", ADAM, "", change.formatted(when.formatted("above"))));
    return Stream.of(tasks, architectures, optimisers, others)
        .flatMap(files -> files)
        .map(KeysInIdsTest::config);
  }

  private static String file(
      String task, String architecture, String optimiser, String training, String repetition) {
    return """
    dsl: 1
    name: x
    task: %s
    repetition: %s
    architecture: {kind: %s}
    training: {optimizer: %s%s}
    """
        .formatted(
            task, repetition.isEmpty() ? "{}" : repetition, architecture, optimiser, training);
  }

  private static RunConfig config(String yaml) {
    Reading reading = SpecReader.read("x.yaml", yaml, ReadOptions.none());
    return reading.spec().orElseThrow(() -> new AssertionError(reading.toText())).base();
  }

  @Test
  void every_key_is_in_the_id_or_it_is_said_why_not() {
    Set<String> outside = new TreeSet<>();
    keys(RunConfig.class, "RunConfig", new HashSet<>(), outside);
    assertThat(outside).isEqualTo(OUTSIDE.keySet());
  }

  @Test
  void every_key_in_the_id_changes_it() {
    Set<String> all = new TreeSet<>();
    keys(RunConfig.class, "RunConfig", all, new HashSet<>());
    Set<String> tried = new TreeSet<>(ONE_VALUE.keySet());
    configurations()
        .forEach(
            config -> {
              String id = RunId.of(config, 3);
              Set<String> before = Set.copyOf(tried);
              others(
                  config,
                  before,
                  (key, changed) -> {
                    boolean same = SpecTree.of(changed).equals(SpecTree.of(config));
                    assertThat(RunId.of((RunConfig) changed, 3).equals(id))
                        .as("%s: one id for %s and %s", key, config, changed)
                        .isEqualTo(same);
                    if (!same) {
                      tried.add(key);
                    }
                  });
            });
    assertThat(tried).as("keys of which another value was tried").containsAll(all);
  }

  /**
   * The keys that a record and those in it can have.
   *
   * @param inside those in the id: the record's name and the key's
   * @param outside paths of those that are not; what lies below is not looked at
   */
  private static void keys(Type type, String path, Set<String> inside, Set<String> outside) {
    if (type instanceof ParameterizedType of) {
      for (Type argument : of.getActualTypeArguments()) {
        keys(argument, path, inside, outside);
      }
    } else if (type instanceof Class<?> raw && Keys.isUnion(raw)) {
      Keys.kinds(raw).values().forEach(kind -> keys(kind, path, inside, outside));
    } else if (type instanceof Class<?> raw && raw.isRecord()) {
      for (Keys.Component key : Keys.components(raw)) {
        String here = path + "." + key.name();
        if (key.key().identity()) {
          if (!isMapping(key.type())) {
            inside.add(raw.getSimpleName() + "." + key.name());
          }
          keys(key.type(), here, inside, outside);
        } else {
          outside.add(here);
        }
      }
    }
  }

  /** Whether a key's value is a mapping with keys of its own, of which each is tried. */
  private static boolean isMapping(Type type) {
    return type instanceof ParameterizedType of && of.getRawType() == Optional.class
        ? isMapping(of.getActualTypeArguments()[0])
        : type instanceof Class<?> raw && (raw.isRecord() || Keys.isUnion(raw));
  }

  /**
   * The record with one key in the id changed at a time, at any depth; what is invalid is left out.
   *
   * @param but keys that are left alone
   */
  private static void others(Record record, Set<String> but, BiConsumer<String, Record> to) {
    for (Keys.Component key : Keys.of(record.getClass())) {
      if (key.key().identity()) {
        String name = record.getClass().getSimpleName() + "." + key.name();
        BiConsumer<String, Object> put =
            (changed, value) ->
                changed(record, key.name(), value).ifPresent(r -> to.accept(changed, r));
        inside(key.of(record), but, put);
        if (!but.contains(name)) {
          values(key.type(), key.of(record), key.key()).forEach(other -> put.accept(name, other));
        }
      }
    }
  }

  private static Optional<Record> changed(Record record, String key, Object value) {
    try {
      return Optional.of(Defaults.change(record, Map.of(key, value)));
    } catch (InvalidSpec contradicts) {
      return Optional.empty();
    }
  }

  /** A value with a record in it changed: itself, or the first of those that it holds. */
  private static void inside(Object value, Set<String> but, BiConsumer<String, Object> to) {
    if (value instanceof Record record) {
      others(record, but, to::accept);
    } else if (value instanceof Optional<?> held && held.isPresent()) {
      inside(held.get(), but, (key, other) -> to.accept(key, Optional.of(other)));
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      inside(list.get(0), but, (key, other) -> to.accept(key, List.of(other)));
    } else if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      Map.Entry<?, ?> first = map.entrySet().iterator().next();
      inside(first.getValue(), but, (key, other) -> to.accept(key, Map.of(first.getKey(), other)));
    }
  }

  /** Other values of a type, within the bounds of the key. */
  private static List<Object> values(Type type, Object now, Key key) {
    Type raw = type instanceof ParameterizedType of ? of.getRawType() : type;
    List<Object> out = new ArrayList<>();
    if (raw == boolean.class) {
      out.add(!(boolean) now);
    } else if (raw == double.class || raw == Double.class) {
      double number = now instanceof Double d ? d : 0.5;
      Stream.of(number * 1.5, number / 2, number + 0.25, 0.75)
          .filter(n -> fits(n, key))
          .forEach(out::add);
    } else if (raw == int.class || raw == Integer.class) {
      int number = now instanceof Integer n ? n : 2;
      Stream.of(number + 1, number * 2, number - 1, 1).filter(n -> fits(n, key)).forEach(out::add);
    } else if (raw == long.class || raw == Long.class) {
      long number = now instanceof Long n ? n : 2;
      Stream.of(number + 1, number * 2).filter(n -> fits(n, key)).forEach(out::add);
    } else if (raw == String.class) {
      out.addAll(List.of("train.loss", "embeddings", "copy", "triggers"));
    } else if (raw == Optional.class) {
      Object held = ((Optional<?>) now).map(v -> (Object) v).orElse("");
      out.add(Optional.empty());
      values(argument(type, 0), held, key).forEach(value -> out.add(Optional.of(value)));
    } else if (raw == List.class) {
      out.add(List.of());
      values(argument(type, 0), "", key).forEach(value -> out.add(List.of(value)));
    } else if (raw == Map.class && argument(type, 1) == MeasurementSpec.TestSet.class) {
      Object set = ((Map<?, ?>) now).values().iterator().next();
      out.add(Map.of("another", set));
    } else if (raw instanceof Class<?> words && words.isEnum()) {
      out.addAll(Arrays.asList(words.getEnumConstants()));
    }
    return out;
  }

  private static Type argument(Type type, int which) {
    return ((ParameterizedType) type).getActualTypeArguments()[which];
  }

  private static boolean fits(Number number, Key key) {
    return number.doubleValue() >= key.min() && number.doubleValue() <= key.max();
  }
}
