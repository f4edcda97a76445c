package dev.emergence.train;

import dev.emergence.spec.AttentionRecord;
import dev.emergence.task.Batch;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What the attention of each layer and head does on a batch: mass on the tokens that matter,
 * entropy; means over the listed queries of all sequences. A query that has no such token is left
 * out of the mean of the mass.
 */
final class AttentionStatistics {
  private final Backend backend;
  private final List<Attention> layers;
  private final List<Parents> parents;
  private final List<AttentionRecord> kinds;
  private final List<Statistic> statistics = new ArrayList<>();

  /**
   * One kind of number, of one layer.
   *
   * @param on its queries
   * @param out (R, B, H, E)
   */
  private record Statistic(AttentionRecord kind, int layer, Parents on, Tensor out) {}

  /**
   * Binds statistics to the attention of a network for inspection.
   *
   * @param scope owner of its buffers
   * @throws IllegalArgumentException when the task does not know what a kind asks for
   */
  AttentionStatistics(
      Backend backend,
      Scope scope,
      List<Attention> layers,
      Batch batch,
      List<AttentionRecord> kinds) {
    this.backend = backend;
    this.layers = layers;
    this.parents = batch.parents();
    this.kinds = kinds.stream().distinct().sorted().toList();
    Attention.Shape s = layers.get(0).shape();
    for (AttentionRecord kind : this.kinds) {
      Parents on = parentsOf(kind);
      for (int layer = 0; layer < layers.size(); layer++) {
        Tensor out = scope.floats(on.queries().replicas(), s.batch(), s.heads(), on.entries());
        statistics.add(new Statistic(kind, layer, on, out));
      }
    }
  }

  /** A list of the kind's own name, else the first: that of the scored positions. */
  private Parents parentsOf(AttentionRecord kind) {
    boolean named = kind == AttentionRecord.VALUE_TO_KEY || kind == AttentionRecord.PREVIOUS;
    return parents.stream()
        .filter(p -> p.name().equals(word(kind)) || !named)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    word(kind)
                        + ": the task has no such attention; it knows of "
                        + parents.stream().map(Parents::name).toList()));
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
    if (s.kind() == AttentionRecord.ENTROPY) {
      backend.attentionEntropy(attention, s.on().queries(), s.out());
    } else {
      backend.attentionMass(attention, s.on(), s.out());
    }
  }

  /** Adds the first {@code used} sequences of each replica. */
  void add(Means means, int used) {
    for (Statistic s : statistics) {
      boolean[] counts = counts(s);
      int column = means.at(column(s, 0));
      int entries = s.on().entries();
      int size = layers.get(0).shape().batch();
      double[] values = backend.doubles(s.out());
      for (int i = 0; i < values.length; i++) {
        int head = i / entries % heads();
        int sequence = i / entries / heads();
        if (counts[sequence * entries + i % entries] && sequence % size < used) {
          means.add(sequence / size, column + head, values[i]);
        }
      }
    }
  }

  /**
   * Whether each entry of each sequence of each replica has a query and, unless that is of no
   * matter to the statistic, a key.
   */
  private boolean[] counts(Statistic s) {
    int[] queries = backend.ints(s.on().queries());
    int[] keys = backend.ints(s.on().keys());
    int width = s.on().width();
    int shared = s.on().sequences();
    int entries = s.on().entries();
    int size = layers.get(0).shape().batch();
    boolean[] counts = new boolean[s.on().queries().replicas() * size * entries];
    for (int i = 0; i < counts.length; i++) {
      int sequence = i / entries;
      int list = (sequence / size * shared + sequence % size % shared) * entries + i % entries;
      boolean some = s.kind() == AttentionRecord.ENTROPY;
      for (int p = list * width; p < (list + 1) * width && !some; p++) {
        some = keys[p] >= 0;
      }
      counts[i] = some && queries[list] >= 0;
    }
    return counts;
  }

  /**
   * Puts in the leading heads, once all sequences were added: those of largest mass, or of smallest
   * entropy.
   */
  void lead(Means means) {
    int replicas = statistics.get(0).out().replicas();
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
}
