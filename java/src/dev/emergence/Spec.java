package dev.emergence;

import dev.emergence.dsl.SpecWriter;
import dev.emergence.dsl.bind.ExperimentFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * The contents of an experiment file, built in Java. Values are set by the paths of the reference
 * page. A spec is immutable: each method returns a changed copy.
 *
 * <p>Nothing is checked before {@link Experiment#of}, which reads a spec in the same way as a file.
 * So keys, ranges, defaults, checks and messages are the same as for files. All problems are
 * reported at once. The runs have the same ids as those of a file with this content.
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
   * A new spec with a name. The version of the language is that of this program.
   *
   * @param name name of the experiment: lower-case letters, digits and hyphens, at most 64
   * @return a spec without a task
   */
  public static Spec named(String name) {
    return new Spec(name, List.of(of("dsl", ExperimentFile.VERSION), of("name", name)));
  }

  private static SpecWriter.Setting of(String path, Object value) {
    return new SpecWriter.Setting(path, value);
  }

  /**
   * Sets the value at a path. A number, a word or a list replaces what is there. A map or a record
   * is merged with what is there, key by key; if it is of another {@code kind}, it replaces it.
   *
   * @param path dotted path of the key, {@code training.optimizer.learning_rate}
   * @param value a number, a boolean, a text, an enum constant, a {@link java.time.Duration}; a
   *     list or an array of values; a map from keys to values; or a record of {@link
   *     dev.emergence.spec}, such as a task. A map without an order, such as one of {@link Map#of},
   *     is sorted by key; use {@link #grid} for axes. Null removes what is there.
   * @return a changed copy
   * @throws IllegalArgumentException when the path is not a path, or the value cannot be written in
   *     a file
   */
  public Spec set(String path, Object value) {
    List<SpecWriter.Setting> more = new ArrayList<>(values);
    more.add(of(path, value));
    return new Spec(name, List.copyOf(more));
  }

  /**
   * Adds an axis to a sweep. All combinations of the values of a sweep's axes are conditions. They
   * are in the order in which the axes were added; the last axis changes fastest.
   *
   * @param sweep name of the sweep; it is made if it does not exist
   * @param path path or symbol of the key that varies
   * @param axis the values of the key
   * @return a changed copy
   * @throws IllegalArgumentException when the path is not a path, or a value cannot be written in a
   *     file
   */
  public Spec grid(String sweep, String path, Object... axis) {
    return set("sweeps." + sweep + ".grid." + path, Arrays.asList(axis));
  }

  /** What messages call it. */
  String title() {
    return "Spec " + name;
  }

  /**
   * The text of a file with the same content. The content may be invalid.
   *
   * @return the text
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
