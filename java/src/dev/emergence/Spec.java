package dev.emergence;

import dev.emergence.dsl.SpecWriter;
import dev.emergence.dsl.bind.ExperimentFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * What an experiment file says, said in Java: values by the paths of the reference page. Immutable;
 * each method gives a spec that says one thing more.
 *
 * <p>Nothing is checked before {@link Experiment#of}, which reads a spec as it reads a file. So the
 * keys, ranges, defaults, checks and messages are those of files, all problems are reported at
 * once, and the runs have the ids that the same file gives them.
 *
 * <pre>{@code
 * Spec spec =
 *     Spec.named("tokens")
 *         .set("task", Map.of("kind", "linear_regression", "sequence_length", 8))
 *         .set("training.optimizer.learning_rate", 3e-3)
 *         .set("measurement.thresholds.plateau", Map.of("metric", "test.loss", "below", 0.1))
 *         .set("seeds", 2)
 *         .grid("sizes", "task.dim", 2, 4, 8)
 *         .set("fits.law", Map.of("data", "sizes", "formula", "T_plateau = C * d^alpha"));
 * Results results = Experiment.of(spec).run(Path.of("results", "tokens"));
 * }</pre>
 */
@API(status = API.Status.MAINTAINED)
public final class Spec {
  private final String name;
  private final List<SpecWriter.Setting> values;

  private Spec(String name, List<SpecWriter.Setting> values) {
    this.name = name;
    this.values = values;
  }

  /**
   * A spec that says its name and the version of the language.
   *
   * @param name of the experiment: lower-case letters, digits and hyphens, at most 64
   * @return a spec without a task yet
   */
  public static Spec named(String name) {
    return new Spec(name, List.of(of("dsl", ExperimentFile.VERSION), of("name", name)));
  }

  private static SpecWriter.Setting of(String path, Object value) {
    return new SpecWriter.Setting(path, value);
  }

  /**
   * The same with a value put in. A number, a word or a list takes the place of what stands at the
   * path. A map or a record is laid over it key by key, unless it is of another {@code kind}.
   *
   * @param path dotted path of the key, {@code training.optimizer.learning_rate}
   * @param value a number, a boolean, a text, an enum constant, a {@link java.time.Duration}; a
   *     list or an array of values; a map from keys to values; or a record of {@link
   *     dev.emergence.spec}, such as a task. A map without an order of its own, as {@link Map#of}
   *     makes it, counts as sorted by key: use {@link #grid} for axes. Null takes away what stands
   *     there.
   * @return the longer spec
   * @throws IllegalArgumentException when the path is no path, or the value has no written form
   */
  public Spec set(String path, Object value) {
    List<SpecWriter.Setting> more = new ArrayList<>(values);
    more.add(of(path, value));
    return new Spec(name, List.copyOf(more));
  }

  /**
   * The same with an axis of a sweep. The axes of a sweep are crossed in the order in which they
   * are given, the last one fastest.
   *
   * @param sweep name of the sweep; made when there is none
   * @param path of the key that varies, or its symbol
   * @param axis the values that it takes
   * @return the longer spec
   * @throws IllegalArgumentException when the path is no path, or a value has no written form
   */
  public Spec grid(String sweep, String path, Object... axis) {
    return set("sweeps." + sweep + ".grid." + path, Arrays.asList(axis));
  }

  /** What messages call it. */
  String title() {
    return "Spec " + name;
  }

  /**
   * The file that says the same. It need not be valid.
   *
   * @return its text
   */
  public String yaml() {
    return SpecWriter.write(values);
  }

  /** The file that says the same. */
  @Override
  public String toString() {
    return yaml();
  }
}
