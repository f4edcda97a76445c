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

/**
 * One test set: a fixed stream of sequences, drawn anew at each evaluation, in parts that one
 * recorded program measures.
 */
final class Evaluation implements AutoCloseable {
  private static final String LOSS = ".loss";
  private static final String ACCURACY = ".accuracy";
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
    this.objective =
        new Objective(backend, seat.scope(), network.prediction(), batch.target(), false);
    this.attention =
        record.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new AttentionStatistics(backend, seat.scope(), network.attention(), batch, record));
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
    List<String> columns = new ArrayList<>(List.of(name + LOSS));
    objective.correct().ifPresent(c -> columns.add(name + ACCURACY));
    return columns;
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
      add(means, LOSS, objective.losses(), used);
      objective.correct().ifPresent(correct -> add(means, ACCURACY, correct, used));
      attention.ifPresent(a -> a.add(means, used));
    }
    attention.ifPresent(a -> a.lead(means));
  }

  /**
   * @param values (R, rows), as many rows a sequence as positions predict
   */
  private void add(Means means, String metric, Tensor values, int used) {
    int column = means.at(name + metric);
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
