package dev.emergence.train;

import dev.emergence.model.Network;
import dev.emergence.model.Objective;
import dev.emergence.spec.AttentionRecord;
import dev.emergence.spec.Measure;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.Parts;
import dev.emergence.spec.PluginFailure;
import dev.emergence.task.Batch;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.StepProgram;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One test set: a fixed stream of sequences, drawn anew at each evaluation, in parts that one
 * recorded program measures.
 */
final class Evaluation implements AutoCloseable {
  private final Backend backend;
  private final Chunks chunks;
  private final Tensor part;
  private final List<String> columns = new ArrayList<>();
  private final List<Probe.Bound> bound = new ArrayList<>();
  private final Map<String, Class<?>> plugins = new LinkedHashMap<>();
  private final Optional<AttentionStatistics> attention;
  private final StepProgram program;

  /**
   * A test set.
   *
   * @param name of the test set
   * @param batch room for a part
   * @param network predicts a part; one for inspection when attention is recorded
   * @param record what is recorded of the attention
   */
  Evaluation(Seat seat, String name, Batch batch, Network network, List<AttentionRecord> record) {
    this.backend = seat.backend();
    this.chunks = seat.chunks();
    this.part = seat.scope().ints(batch.input().replicas());
    Objective objective =
        new Objective(backend, seat.scope(), network.prediction(), batch.target(), false);
    bind(
        new Probe.Place(
            backend,
            seat.scope(),
            seat.parts(),
            name,
            chunks.size(),
            batch,
            objective,
            record.isEmpty() ? List.of() : network.attention(),
            network.hidden()));
    List<AttentionRecord> means = record.stream().filter(r -> r != AttentionRecord.IOU).toList();
    this.attention =
        means.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new AttentionStatistics(backend, seat.scope(), network.attention(), batch, means));
    this.program =
        backend.record(
            () -> {
              batch.draw(part);
              network.forward(batch.input());
              objective.forward();
              bound.forEach(Probe.Bound::compute);
              attention.ifPresent(AttentionStatistics::compute);
            });
  }

  private void bind(Probe.Place place) {
    for (Measure measure : Measure.all()) {
      List<String> own = Metrics.columns(measure, place.parts(), place.testSet());
      if (!own.isEmpty() && measure instanceof Probe probe) {
        columns.addAll(own);
        bound.add(Probe.bound(probe, place, own));
        if (PluginFailure.isPlugin(probe.getClass())) {
          own.forEach(column -> plugins.put(column, probe.getClass()));
        }
      }
    }
  }

  /** Where evaluations of a cohort live. */
  record Seat(Backend backend, Scope scope, Chunks chunks, Parts parts) {}

  /** Columns of the measures, by the configuration: {@code NAME.loss} and so on. */
  List<String> metrics() {
    return columns;
  }

  /** The columns that plug-ins measure, each with the class. */
  Map<String, Class<?>> plugins() {
    return plugins;
  }

  /** Columns of the attention; none unless it is recorded here. */
  List<String> attentionColumns() {
    return attention.map(AttentionStatistics::columns).orElse(List.of());
  }

  /** Measures the whole test set. */
  void measure(Means means) {
    int[] index = new int[part.replicas()];
    for (int i = 0; i < chunks.count(); i++) {
      Arrays.fill(index, i);
      backend.write(part, index);
      program.run();
      int used = chunks.used(i);
      bound.forEach(b -> b.add(means, used));
      attention.ifPresent(a -> a.add(means, used));
    }
    bound.forEach(b -> b.finish(means));
    attention.ifPresent(a -> a.lead(means));
  }

  @Override
  public void close() {
    program.close();
  }
}
