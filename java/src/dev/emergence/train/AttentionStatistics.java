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
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What the attention of each layer and head does on a batch, in a number a sequence: mass on the
 * tokens that matter, entropy. A sequence that lacks the tokens in question is left out of the
 * mean.
 */
final class AttentionStatistics {
  private final Backend backend;
  private final List<Attention> layers;
  private final Batch batch;
  private final List<AttentionRecord> kinds;
  private final Tensor readout;
  private final List<Statistic> statistics = new ArrayList<>();

  /** One kind of number, of one layer. @param out (R, B, H) */
  private record Statistic(AttentionRecord kind, int layer, Tensor out) {}

  /**
   * Binds statistics to the attention of a network for inspection.
   *
   * @param scope owner of its buffers
   */
  AttentionStatistics(
      Backend backend,
      Scope scope,
      List<Attention> layers,
      Batch batch,
      List<AttentionRecord> kinds) {
    this.backend = backend;
    this.layers = layers;
    this.batch = batch;
    this.kinds = kinds.stream().distinct().sorted().toList();
    Attention.Shape s = layers.get(0).shape();
    int r = batch.input().replicas();
    this.readout = scope.ints(r, s.batch());
    int[] last = new int[r * s.batch()];
    Arrays.fill(last, s.queries() - 1);
    backend.write(readout, last);
    for (AttentionRecord kind : this.kinds) {
      for (int layer = 0; layer < layers.size(); layer++) {
        statistics.add(new Statistic(kind, layer, scope.floats(r, s.batch(), s.heads())));
      }
    }
  }

  /**
   * {@code attention.KIND} of the leading head, then {@code attention.LAYER.HEAD.KIND}, layers and
   * heads from 1.
   */
  List<String> columns() {
    List<String> columns =
        new ArrayList<>(kinds.stream().map(AttentionStatistics::leading).toList());
    for (Statistic s : statistics) {
      for (int head = 0; head < heads(); head++) {
        columns.add(column(s, head));
      }
    }
    return columns;
  }

  private static String leading(AttentionRecord kind) {
    return "attention." + word(kind);
  }

  private static String column(Statistic s, int head) {
    return "attention." + (s.layer() + 1) + "." + (head + 1) + "." + word(s.kind());
  }

  private static String word(AttentionRecord kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private int heads() {
    return layers.get(0).shape().heads();
  }

  /** Operations on the backend that follow the network's forward pass. */
  void compute() {
    statistics.forEach(this::compute);
  }

  private void compute(Statistic s) {
    Attention attention = layers.get(s.layer());
    switch (s.kind()) {
      case RELEVANT, QUERY_TO_VALUE ->
          backend.attentionMass(attention, readout, batch.relevant(), s.out());
      case VALUE_TO_KEY -> {
        Batch.Link link =
            batch
                .link()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "value_to_key: the task has no keys and values"));
        backend.attentionMass(attention, link.from(), link.to(), s.out());
      }
      case ENTROPY -> backend.attentionEntropy(attention, readout, s.out());
    }
  }

  /** Adds the first {@code used} sequences of each replica. */
  void add(Means means, int used) {
    boolean[] counts = withRelevant();
    int size = layers.get(0).shape().batch();
    for (Statistic s : statistics) {
      int column = means.at(column(s, 0));
      double[] values = backend.doubles(s.out());
      for (int i = 0; i < values.length; i++) {
        int sequence = i / heads();
        boolean counted = s.kind() == AttentionRecord.ENTROPY || counts[sequence];
        if (counted && sequence % size < used) {
          means.add(sequence / size, column + i % heads(), values[i]);
        }
      }
    }
  }

  /**
   * Puts in the leading heads, once all sequences were added: those of largest mass, or of smallest
   * entropy.
   */
  void lead(Means means) {
    int replicas = readout.replicas();
    for (AttentionRecord kind : kinds) {
      double[] lead = new double[replicas];
      for (int r = 0; r < replicas; r++) {
        lead[r] = lead(kind, means, r);
      }
      means.set(leading(kind), lead);
    }
  }

  private double lead(AttentionRecord kind, Means means, int replica) {
    DoubleStream all =
        statistics.stream()
            .filter(s -> s.kind() == kind)
            .flatMapToDouble(
                s ->
                    IntStream.range(0, heads())
                        .mapToDouble(head -> means.value(replica, means.at(column(s, head)))));
    return (kind == AttentionRecord.ENTROPY ? all.min() : all.max()).orElse(Double.NaN);
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
