package dev.emergence.train;

import dev.emergence.spec.MeasurementSpec.AttentionRecord;
import dev.emergence.task.Batch;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the attention of each layer and head does on a batch, in a number a sequence: mass on the tokens that matter, entropy. A
 * sequence that lacks the tokens in question is left out of the mean.
 */
final class AttentionStatistics {
  private final Backend backend;
  private final List<Attention> layers;
  private final Batch batch;
  private final Tensor probabilities;
  private final Tensor readout;
  private final List<Statistic> statistics = new ArrayList<>();

  /** One kind of number, of one layer. @param out (R, B, H) */
  private record Statistic(AttentionRecord kind, int layer, Tensor out) {}

  /**
   * Binds statistics to the attention of a network for inspection.
   *
   * @param scope owner of its buffers
   * @throws IllegalArgumentException when a kind asks for a token that the task does not have
   */
  AttentionStatistics(Backend backend, Scope scope, List<Attention> layers, Batch batch, List<AttentionRecord> kinds) {
    this.backend = backend;
    this.layers = layers;
    this.batch = batch;
    Attention.Shape s = layers.get(0).shape();
    int r = batch.input().replicas();
    this.probabilities = scope.floats(r, s.batch(), s.heads(), s.queries(), s.keys());
    this.readout = scope.ints(r, s.batch());
    int[] last = new int[r * s.batch()];
    Arrays.fill(last, s.queries() - 1);
    backend.write(readout, last);
    for (AttentionRecord kind : kinds.stream().distinct().sorted().toList()) {
      requireLink(kind);
      for (int layer = 0; layer < layers.size(); layer++) {
        statistics.add(new Statistic(kind, layer, scope.floats(r, s.batch(), s.heads())));
      }
    }
  }

  private void requireLink(AttentionRecord kind) {
    boolean linked = kind == AttentionRecord.VALUE_TO_KEY || kind == AttentionRecord.QUERY_TO_VALUE;
    if (linked && batch.link().isEmpty()) {
      String word = kind.name().toLowerCase(Locale.ROOT);
      throw new IllegalArgumentException(
          "measurement.attention.record: " + word + " needs a task with keys and values, as associative_recall; record relevant instead");
    }
  }

  /** Columns in the order of {@link #add}: all heads of the first kind's first layer, and so on. */
  List<String> columns() {
    List<String> columns = new ArrayList<>();
    for (Statistic s : statistics) {
      for (int head = 1; head <= heads(); head++) {
        columns.add("attention." + (s.layer() + 1) + "." + head + "." + s.kind().name().toLowerCase(Locale.ROOT));
      }
    }
    return columns;
  }

  private int heads() {
    return layers.get(0).shape().heads();
  }

  /** Operations on the backend that follow the network's forward pass. */
  void compute() {
    for (int layer = 0; layer < layers.size(); layer++) {
      backend.attentionProbabilities(layers.get(layer), probabilities);
      for (Statistic s : statistics) {
        if (s.layer() == layer) {
          compute(s);
        }
      }
    }
  }

  private void compute(Statistic s) {
    switch (s.kind()) {
      case RELEVANT, QUERY_TO_VALUE -> backend.attentionMass(probabilities, readout, batch.relevant(), s.out());
      case VALUE_TO_KEY -> {
        Batch.Link link = batch.link().orElseThrow();
        backend.attentionMass(probabilities, link.from(), link.to(), s.out());
      }
      case ENTROPY -> backend.attentionEntropy(probabilities, readout, s.out());
    }
  }

  /** Adds the first {@code used} sequences of each replica. @param firstColumn where its columns begin */
  void add(Means means, int firstColumn, int used) {
    boolean[] counts = withRelevant();
    int column = firstColumn;
    int size = layers.get(0).shape().batch();
    for (Statistic s : statistics) {
      double[] values = backend.doubles(s.out());
      for (int i = 0; i < values.length; i++) {
        int sequence = i / heads();
        boolean counted = s.kind() == AttentionRecord.ENTROPY || counts[sequence];
        if (counted && sequence % size < used) {
          means.add(sequence / size, column + i % heads(), values[i]);
        }
      }
      column += heads();
    }
  }

  /** Which sequences have a token to attend to. */
  private boolean[] withRelevant() {
    int[] marks = backend.ints(batch.relevant());
    int length = batch.relevant().dim(-1);
    boolean[] some = new boolean[marks.length / length];
    for (int i = 0; i < marks.length; i++) {
      some[i / length] |= marks[i] != 0;
    }
    return some;
  }
}
