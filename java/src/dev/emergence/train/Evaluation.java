package dev.emergence.train;

import dev.emergence.model.Network;
import dev.emergence.model.Objective;
import dev.emergence.spec.MeasurementSpec.AttentionRecord;
import dev.emergence.task.Batch;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.StepProgram;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One test set: a fixed stream of sequences, drawn anew at each evaluation, in parts that one recorded program measures. */
final class Evaluation implements AutoCloseable {
  private final Backend backend;
  private final String name;
  private final Chunks chunks;
  private final Tensor part;
  private final Objective objective;
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
    this.name = name;
    this.chunks = seat.chunks();
    this.part = seat.scope().ints(batch.input().replicas());
    this.objective = new Objective(backend, seat.scope(), network.prediction(), batch.target(), false);
    this.attention =
        record.isEmpty()
            ? Optional.empty()
            : Optional.of(new AttentionStatistics(backend, seat.scope(), network.attention(), batch, record));
    this.program =
        backend.record(
            () -> {
              batch.draw(part);
              network.forward(batch.input());
              objective.forward();
              attention.ifPresent(AttentionStatistics::compute);
            });
  }

  /** Where evaluations of a cohort live. */
  record Seat(Backend backend, Scope scope, Chunks chunks) {}

  /** {@code NAME.loss}, {@code NAME.accuracy} if targets are classes. */
  List<String> metrics() {
    List<String> columns = new ArrayList<>(List.of(name + ".loss"));
    objective.correct().ifPresent(c -> columns.add(name + ".accuracy"));
    return columns;
  }

  /** Columns of the attention; empty unless recorded here. */
  List<String> attentionColumns() {
    return attention.map(AttentionStatistics::columns).orElse(List.of());
  }

  /** Measures the whole test set. @param firstMetric, firstAttention where its columns begin */
  void measure(Means means, int firstMetric, int firstAttention) {
    int[] index = new int[part.replicas()];
    for (int i = 0; i < chunks.count(); i++) {
      Arrays.fill(index, i);
      backend.write(part, index);
      program.run();
      int used = chunks.used(i);
      add(means, firstMetric, objective.losses(), used);
      objective.correct().ifPresent(correct -> add(means, firstMetric + 1, correct, used));
      attention.ifPresent(a -> a.add(means, firstAttention, used));
    }
  }

  /** @param values (R, rows), as many rows a sequence as positions predict */
  private void add(Means means, int column, Tensor values, int used) {
    double[] all = backend.doubles(values);
    int perReplica = Math.toIntExact(values.perReplica());
    int perSequence = perReplica / chunks.size();
    for (int i = 0; i < all.length; i++) {
      if (i % perReplica / perSequence < used) {
        means.add(i / perReplica, column, all[i]);
      }
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
