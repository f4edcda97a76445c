package dev.emergence.spec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The columns that a run's curve has, by the names that thresholds, claims and plots use. */
public final class Metrics {
  private static final Pattern HEAD =
      Pattern.compile("attention\\.([1-9][0-9]{0,3})\\.([1-9][0-9]{0,3})\\.([a-z_]+)");

  /** What {@code attention.record} asks for: of the leading head, of one head or of several. */
  private static final Pattern ASKED =
      Pattern.compile("attention\\.(?:[^.]+\\.){0,2}([a-z_]+?)(?:_gain)?");

  private Metrics() {}

  /** All columns but those of single heads, {@code attention.LAYER.HEAD.RECORD}. */
  static List<String> of(Parts parts) {
    MeasurementSpec measurement = parts.measurement();
    Set<String> names = new LinkedHashSet<>();
    for (String set : measurement.testSets().keySet()) {
      for (Measure measure : Measure.all()) {
        add(names, measure, columns(measure, parts, set));
      }
    }
    names.addAll(batch(parts));
    names.addAll(parts.architecture().readings());
    measurement.attention().record().forEach(record -> names.add("attention." + Keys.word(record)));
    if (!parts.repetition().changes().isEmpty()) {
      names.add("in_context");
      names.add("cross_sample");
    }
    return List.copyOf(names);
  }

  /** The columns of a measure on a test set, whole names. */
  public static List<String> columns(Measure measure, Parts parts, String set) {
    return PluginFailure.orResult(
        measure.getClass(), "columns", () -> List.copyOf(measure.columns(parts, set)));
  }

  /** Two measures of one name would add their numbers into one column. */
  private static void add(Set<String> names, Measure measure, List<String> columns) {
    for (String name : columns) {
      if (!HEAD.matcher(name).matches() && !names.add(name)) {
        throw PluginFailure.unusable(
            measure.getClass(), "it measures " + name + ", which is measured already");
      }
    }
  }

  private static List<String> batch(Parts parts) {
    return parts.task().predicts().loss().metrics().stream().map(m -> "train." + m).toList();
  }

  /**
   * Whether a column is of the last training batch, and so has no value at step 0. What is
   * integrated has an expected loss instead, from the start.
   */
  static boolean ofBatch(Parts parts, String column) {
    return parts.architecture().isTrained()
        && batch(parts).contains(column)
        && !parts.measurement().testSets().containsKey("train");
  }

  /** All columns but those of single heads. */
  public static List<String> of(RunConfig config) {
    return of(Parts.of(config));
  }

  /** All stored columns: those of {@link #of}, and of every head what is recorded of it. */
  public static List<String> stored(RunConfig config) {
    return stored(Parts.of(config));
  }

  static List<String> stored(Parts parts) {
    List<String> names = new ArrayList<>(of(parts));
    int layers = parts.architecture().stack().map(Stack::layers).orElse(0);
    for (AttentionRecord record : parts.measurement().attention().record()) {
      for (int layer = 1; layer <= layers; layer++) {
        for (int head = 1; head <= parts.architecture().heads(); head++) {
          names.add("attention." + layer + "." + head + "." + Keys.word(record));
        }
      }
    }
    return names;
  }

  /** Whether a run of this configuration has the column, single heads and derived ones included. */
  public static boolean has(RunConfig config, String column) {
    return has(Parts.of(config), of(config), column);
  }

  /**
   * As {@link #has(RunConfig, String)}.
   *
   * @param known {@link #of}
   */
  static boolean has(Parts parts, List<String> known, String column) {
    return known.contains(column)
        || isHead(parts.architecture(), parts.measurement(), column)
        || Derived.parse(column).filter(d -> isDerived(parts, d)).isPresent();
  }

  /** What columns look like that a name with stars stands for, {@code test.loss.row.*}. */
  public static Pattern starred(String name) {
    return Pattern.compile(Pattern.quote(name).replace("*", "\\E([^.]+)\\Q"));
  }

  /** The columns that a name stands for: with stars all stored ones like it, else itself. */
  public static List<String> matching(String name, RunConfig config) {
    if (!name.contains("*") || Derived.parse(name).isPresent()) {
      return has(config, name) ? List.of(name) : List.of();
    }
    Pattern like = starred(name);
    return stored(config).stream().filter(column -> like.matcher(column).matches()).toList();
  }

  /** What to write instead of a column that is not there; empty where nothing better is known. */
  public static Optional<String> unrecorded(RunConfig config, String column) {
    return column.contains("*") && starredIn(Parts.of(config), column)
        ? Optional.of("a * is for plots of kind: rows, and for claims of kind: abrupt")
        : unrecorded(Parts.of(config), column);
  }

  private static boolean starredIn(Parts parts, String column) {
    return stored(parts).stream().anyMatch(name -> starred(column).matcher(name).matches());
  }

  static Optional<String> unrecorded(Parts parts, String column) {
    Matcher head = HEAD.matcher(column);
    Matcher m = ASKED.matcher(column);
    MeasurementSpec measurement = parts.measurement();
    if (head.matches() && of(parts).contains("attention." + head.group(3))) {
      int layers = parts.architecture().stack().map(Stack::layers).orElse(0);
      return Optional.of(
          "layers are 1 to " + layers + ", heads 1 to " + parts.architecture().heads());
    }
    if (column.matches("attention\\.\\*\\.\\*\\..+") && starredIn(parts, column)) {
      return Optional.of(
          "a family of thresholds has one *: "
              + column.replace("*.*", "*")
              + " is of all heads, "
              + column.replace("*.*", "1.*")
              + " of those of layer 1");
    }
    return Arrays.stream(AttentionRecord.values())
        .filter(record -> m.matches() && Keys.word(record).equals(m.group(1)))
        .filter(record -> !measurement.attention().record().contains(record))
        .map(record -> "write measurement: {attention: {record: [" + Keys.word(record) + "]}}")
        .findFirst()
        .or(() -> unrecordedOutput(parts, column));
  }

  private static Optional<String> unrecordedOutput(Parts parts, String column) {
    return Arrays.stream(OutputRecord.values())
        .filter(record -> column.matches("[^.]+\\." + Keys.word(record) + "(_[a-z]+|\\..+)*"))
        .filter(record -> !parts.measurement().record().contains(record))
        .filter(record -> record.missing(parts).isEmpty())
        .map(record -> "write measurement: {record: [" + Keys.word(record) + "]}")
        .findFirst();
  }

  private static boolean isDerived(Parts parts, Derived derived) {
    if (derived.how() == Derived.How.GAIN && ofBatch(parts, derived.before())) {
      return false; // there is no first value
    }
    return !derived.from(stored(parts)).isEmpty();
  }

  private static boolean isHead(
      ArchitectureSpec architecture, MeasurementSpec measurement, String column) {
    Matcher m = HEAD.matcher(column);
    return m.matches()
        && Integer.parseInt(m.group(1)) <= architecture.stack().map(Stack::layers).orElse(0)
        && Integer.parseInt(m.group(2)) <= architecture.heads()
        && measurement.attention().record().stream().anyMatch(r -> Keys.word(r).equals(m.group(3)));
  }
}
