package dev.emergence.train;

import dev.emergence.model.Network;
import dev.emergence.model.NetworkOptions;
import dev.emergence.spec.AttentionRecord;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.Parts;
import dev.emergence.spec.RunConfig;
import dev.emergence.task.Batch;
import dev.emergence.task.Task;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All test sets of a cohort, by name. Attention is recorded on, and pictures are taken of, the one
 * named {@code test}; without one, the first by name.
 */
final class TestSets implements AutoCloseable {
  private static final String USUAL = "test";
  private final Backend backend;
  private final Scope scope;
  private final Task task;
  private final Networks networks;
  private final String watched;
  private final Map<String, Evaluation> evaluations = new LinkedHashMap<>();
  private Optional<AttentionPictures> pictures = Optional.empty();

  /**
   * @param networks of the cohort
   */
  TestSets(Backend backend, Scope scope, Task task, Networks networks, RunConfig config) {
    MeasurementSpec spec = config.measurement();
    this.backend = backend;
    this.scope = scope;
    this.task = task;
    this.networks = networks;
    TreeSet<String> names = new TreeSet<>(spec.testSets().keySet());
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "measurement.test_sets is empty: nothing would be measured; give one, {test: {}}");
    }
    this.watched = watched(names);
    Chunks chunks = Chunks.of(spec.evaluateSamples(), config.task().predicts().length());
    Evaluation.Seat seat = new Evaluation.Seat(backend, scope, chunks, Parts.of(config));
    List<AttentionRecord> record = spec.attention().record();
    Optional<Network> plain = Optional.empty();
    for (String name : names) {
      Batch batch = task.test(name, chunks.size());
      if (name.equals(watched) && !record.isEmpty()) {
        Network inspected = networks.of(NetworkOptions.inspection(chunks.size()), batch);
        evaluations.put(name, new Evaluation(seat, name, batch, inspected, record));
      } else {
        if (plain.isEmpty() || networks.perBatch()) {
          plain = Optional.of(networks.of(NetworkOptions.evaluation(chunks.size()), batch));
        }
        evaluations.put(name, new Evaluation(seat, name, batch, plain.get(), List.of()));
      }
    }
  }

  /** The test set whose attention is recorded. */
  static String watched(Set<String> names) {
    return names.contains(USUAL) ? USUAL : new TreeSet<>(names).first();
  }

  /** Columns of the losses and accuracies. */
  List<String> metrics() {
    List<String> columns = new ArrayList<>();
    evaluations.values().forEach(e -> columns.addAll(e.metrics()));
    return columns;
  }

  /** The columns that plug-ins measure, each with the class. */
  Map<String, Class<?>> plugins() {
    Map<String, Class<?>> columns = new LinkedHashMap<>();
    evaluations.values().forEach(e -> columns.putAll(e.plugins()));
    return columns;
  }

  /** Columns of the attention. */
  List<String> attentionColumns() {
    return evaluations.get(watched).attentionColumns();
  }

  /** Measures all. */
  void measure(Means means) {
    evaluations.values().forEach(evaluation -> evaluation.measure(means));
  }

  /** Attention on the first sequence. */
  List<AttentionPicture> pictures(int replica) {
    return pictures().take(replica);
  }

  /** Queries of that sequence, each with a key that it should attend to. */
  double[][] trueKeys(int replica) {
    return pictures().trueKeys(replica);
  }

  /** Its small network is made when first asked for. */
  private AttentionPictures pictures() {
    if (pictures.isEmpty()) {
      Batch batch = task.test(watched, 1);
      pictures =
          Optional.of(
              new AttentionPictures(
                  backend, scope, batch, networks.of(NetworkOptions.inspection(1), batch)));
    }
    return pictures.get();
  }

  @Override
  public void close() {
    evaluations.values().forEach(Evaluation::close);
  }
}
