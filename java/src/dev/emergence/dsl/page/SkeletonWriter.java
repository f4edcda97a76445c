package dev.emergence.dsl.page;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import dev.emergence.spec.Key;
import dev.emergence.spec.Keys;
import dev.emergence.spec.Kind;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A small experiment on any kind of task to begin with: every key of the task with its default and
 * its meaning. Keys without a default get small numbers that make a valid file.
 */
public final class SkeletonWriter {
  private static final List<String> NUMBERS = List.of("16", "8", "4", "32", "64", "2", "1", "0.5");
  private static final int MOST_TRIES = 4000;

  /** A loss that is replaced. */
  private static final String LOSS = "0.1234567";

  private static final String TEST_SET = "    test: {}\n";

  private SkeletonWriter() {}

  /** The kinds of task there are. */
  public static List<String> kinds() {
    return List.copyOf(Keys.kinds(TaskSpec.class).keySet());
  }

  /**
   * A valid file.
   *
   * @param kind one of {@link #kinds}
   * @param loss below which a run has emerged, by the file's configuration
   */
  public static String write(String kind, Function<RunConfig, String> loss) {
    Class<? extends Record> task = Keys.kinds(TaskSpec.class).get(kind);
    List<Keys.Component> required =
        Keys.of(task).stream().filter(k -> k.key().value().equals(Key.REQUIRED)).toList();
    int tries = 0;
    for (Map<String, String> values : choices(required)) {
      for (String sweep : sweeps(values)) {
        String file = file(kind, task, values, sweep);
        Reading reading = SpecReader.read("skeleton.yaml", file, ReadOptions.none());
        if (reading.isValid()) {
          RunConfig config = reading.spec().orElseThrow().base();
          return file.replace(TEST_SET, TEST_SET + prompts(config))
              .replace(LOSS, loss.apply(config));
        }
      }
      if (++tries > MOST_TRIES) {
        break;
      }
    }
    throw new IllegalStateException("no small example of task " + kind + " is valid");
  }

  /** A test set for each of the task's sets of prompts. */
  private static String prompts(RunConfig config) {
    return config.task().prompts().stream()
        .map(set -> "    " + set + ": {prompts: " + set + "}\n")
        .collect(Collectors.joining());
  }

  private static List<Map<String, String>> choices(List<Keys.Component> required) {
    List<Map<String, String>> out = new ArrayList<>(List.of(new LinkedHashMap<>()));
    for (Keys.Component key : required) {
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> values : out) {
        for (String choice : choices(key)) {
          Map<String, String> more = new LinkedHashMap<>(values);
          more.put(key.name(), choice);
          longer.add(more);
        }
      }
      out = longer;
    }
    return out;
  }

  private static List<String> choices(Keys.Component key) {
    if (key.type() instanceof Class<?> c && c.isEnum()) {
      return List.of(Keys.word((Enum<?>) c.getEnumConstants()[0]));
    }
    return NUMBERS;
  }

  /** A number of the task with its double, or the batch size where no such sweep is valid. */
  private static List<String> sweeps(Map<String, String> values) {
    List<String> out = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          if (value.matches("\\d+")) {
            out.add("task." + name + ": [" + value + ", " + 2 * Integer.parseInt(value) + "]");
          }
        });
    out.add("training.batch_size: [16, 32]");
    return out;
  }

  private static String file(
      String kind, Class<? extends Record> task, Map<String, String> values, String sweep) {
    StringBuilder out = new StringBuilder("# What do you want to know? Write it here.\n");
    out.append("dsl: 1\nname: my-").append(kind.replace('_', '-')).append('\n');
    out.append("description: How does the plateau change with what is swept below?\n\n");
    Optional<Kind> meaning = Optional.ofNullable(task.getAnnotation(Kind.class));
    out.append("task:").append(meaning.map(k -> " # " + k.doc()).orElse(""));
    out.append("\n  kind: ").append(kind).append('\n');
    for (Keys.Component key : Keys.of(task)) {
      out.append(line(key, values));
    }
    return out
        + """

        architecture: {kind: transformer, layers: 2, heads: 4, embedding_dim: 64, head_dim: 16}

        training:
          optimizer: {kind: adam, learning_rate: 1.0e-3}
          batch_size: 32
          max_steps: 2000 # a run that has not emerged by then is kept as unreached

        measurement:
          evaluate_every: 20 # steps; the resolution of every emergence time
          evaluate_samples: 256
          test_sets:
            test: {}
          thresholds:
            plateau: {metric: test.loss, below: LOSS} # what counts as emergence
          stop: {when: plateau, extra: 20%}

        seeds: {first: 0, count: 3}

        sweeps:
          sizes:
            grid:
              SWEEP

        plots:
          curves: {kind: learning_curves, data: sizes, y: test.loss, mark: [plateau]}
        """
            .replace("SWEEP", sweep)
            .replace("LOSS", LOSS);
  }

  private static String line(Keys.Component key, Map<String, String> values) {
    String value = values.getOrDefault(key.name(), key.key().value());
    boolean absent = value.equals(Key.ABSENT);
    String doc = key.key().doc().replace('\n', ' ');
    return (absent ? "  # " + key.name() + ":" : "  " + key.name() + ": " + value)
        + (doc.isEmpty() ? "" : " # " + doc)
        + "\n";
  }
}
