package dev.emergence.train;

import dev.emergence.spec.AttentionRecord;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.Parts;
import dev.emergence.spec.Stack;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether heads look at the parents of a query and at nothing else: with p parents, the overlap of
 * the p keys of largest weight with the parents, intersection over union, averaged over queries and
 * sequences (support IoU of Baherwani et al. 2026 and its replications). {@code attention.iou} is
 * that of the best single head; {@code attention.iou_rows} takes the best head for each query,
 * since parents may be spread over heads; {@code attention.LAYER.HEAD.iou} is each head's. Beside
 * them stand {@code attention.iou_chance} and {@code attention.iou_rows_chance}: what heads that
 * rank the visible keys at random have in expectation (the overlap of the expected number of hits,
 * which is smaller, has also been called chance).
 *
 * <p>At most 2²¹ weights a layer are looked at: the first sequences of a part, as many as fit.
 */
public final class SupportIou implements Probe {
  private static final String NAME = "attention.iou";
  private static final String CHANCE = "attention.iou_chance";
  private static final String ROWS = "attention.iou_rows";
  private static final String ROWS_CHANCE = "attention.iou_rows_chance";
  private static final long WEIGHTS = 1L << 21;

  @Override
  public List<String> columns(Parts parts, String testSet) {
    MeasurementSpec measurement = parts.measurement();
    boolean recorded =
        measurement.attention().record().contains(AttentionRecord.IOU)
            && testSet.equals(TestSets.watched(measurement.testSets().keySet()));
    if (!recorded) {
      return List.of();
    }
    List<String> out = new ArrayList<>(List.of(NAME, CHANCE, ROWS, ROWS_CHANCE));
    for (int layer = 0; layer < layers(parts); layer++) {
      for (int head = 0; head < parts.architecture().heads(); head++) {
        out.add(column(layer, head));
      }
    }
    return out;
  }

  private static int layers(Parts parts) {
    return parts.architecture().stack().map(Stack::layers).orElse(0);
  }

  private static String column(int layer, int head) {
    return "attention." + (layer + 1) + "." + (head + 1) + ".iou";
  }

  @Override
  public Bound bind(Place place) {
    return new Overlap(place);
  }

  private static final class Overlap implements Bound {
    private final Place place;
    private final Parents parents;
    private final int sequences;
    private final int heads;
    private final int length;
    private final boolean causal;
    private final List<Attention> layers = new ArrayList<>();
    private final List<Tensor> weights = new ArrayList<>();
    private final Map<List<Integer>, double[]> chances = new HashMap<>();

    Overlap(Place place) {
      this.place = place;
      this.parents = place.batch().parents().get(0);
      Attention.Shape shape = place.attention().get(0).shape();
      this.heads = shape.heads();
      this.length = shape.keys();
      this.causal = shape.causal();
      long one = (long) heads * shape.queries() * length;
      this.sequences = (int) Math.max(1, Math.min(shape.batch(), WEIGHTS / one));
      int replicas = parents.queries().replicas();
      for (Attention a : place.attention()) {
        layers.add(first(a, sequences));
        weights.add(place.scope().floats(replicas, sequences, heads, shape.queries(), length));
      }
    }

    /** The attention of the first sequences alone. */
    private static Attention first(Attention a, int sequences) {
      Attention.Shape s = a.shape();
      Attention.Shape fewer =
          new Attention.Shape(
              sequences,
              s.heads(),
              s.queries(),
              s.keys(),
              s.headDim(),
              s.causal(),
              s.queryStride(),
              s.keyStride(),
              s.outputStride());
      Tensor lse = a.lse().part(0, sequences, s.heads(), s.queries());
      return new Attention(
          a.q(), a.k(), a.v(), a.bias(), a.out(), lse, fewer, a.scale(), a.listed());
    }

    @Override
    public void compute() {
      for (int layer = 0; layer < layers.size(); layer++) {
        place.backend().attentionProbabilities(layers.get(layer), weights.get(layer));
      }
    }

    @Override
    public void add(Means means, int used) {
      List<double[]> all = weights.stream().map(place.backend()::doubles).toList();
      int[] queries = place.backend().ints(parents.queries());
      int[] keys = place.backend().ints(parents.keys());
      int lists = parents.sequences();
      for (int r = 0; r < means.replicas(); r++) {
        for (int n = 0; n < Math.min(used, sequences); n++) {
          for (int e = 0; e < parents.entries(); e++) {
            int list = (r * lists + n % lists) * parents.entries() + e;
            boolean[] wanted = new boolean[length];
            int count = mark(keys, list, wanted);
            if (queries[list] >= 0 && count > 0) {
              add(means, r, all, row(r, n, queries[list]), wanted, count);
            }
          }
        }
      }
    }

    private int mark(int[] keys, int list, boolean[] wanted) {
      int count = 0;
      for (int i = list * parents.width(); i < (list + 1) * parents.width(); i++) {
        if (keys[i] >= 0) {
          wanted[keys[i]] = true;
          count++;
        }
      }
      return count;
    }

    /** A query of a sequence. */
    private record Row(int replica, int sequence, int query) {}

    private static Row row(int replica, int sequence, int query) {
      return new Row(replica, sequence, query);
    }

    private void add(Means means, int r, List<double[]> all, Row row, boolean[] wanted, int count) {
      int visible = causal ? row.query() + 1 : length;
      double best = 0;
      for (int layer = 0; layer < all.size(); layer++) {
        for (int head = 0; head < heads; head++) {
          int start =
              (((r * sequences + row.sequence()) * heads + head) * length + row.query()) * length;
          int hits = hits(all.get(layer), start, visible, wanted, count);
          double iou = hits / (2.0 * count - hits);
          best = Math.max(best, iou);
          means.add(r, means.at(column(layer, head)), iou);
        }
      }
      means.add(r, means.at(ROWS), best);
      double[] chance =
          chances.computeIfAbsent(
              List.of(visible, count),
              k ->
                  new double[] {
                    chance(visible, count, 1), chance(visible, count, all.size() * heads)
                  });
      means.add(r, means.at(CHANCE), chance[0]);
      means.add(r, means.at(ROWS_CHANCE), chance[1]);
    }

    @Override
    public void finish(Means means) {
      for (int r = 0; r < means.replicas(); r++) {
        double best = Double.NaN;
        for (int layer = 0; layer < layers.size(); layer++) {
          for (int head = 0; head < heads; head++) {
            double of = means.value(r, means.at(column(layer, head)));
            best = Double.isNaN(best) ? of : Math.max(best, of);
          }
        }
        means.add(r, means.at(NAME), best);
      }
    }
  }

  /**
   * How many of the heaviest keys are wanted; of equal weights the earlier key is taken.
   *
   * @param start of the query's weights
   * @param visible keys that it sees, the first ones
   * @param count keys that are taken
   */
  static int hits(double[] weights, int start, int visible, boolean[] wanted, int count) {
    boolean[] taken = new boolean[visible];
    int hits = 0;
    for (int i = 0; i < Math.min(count, visible); i++) {
      int heaviest = -1;
      for (int key = 0; key < visible; key++) {
        boolean more = heaviest < 0 || weights[start + key] > weights[start + heaviest];
        heaviest = !taken[key] && more ? key : heaviest;
      }
      taken[heaviest] = true;
      hits += wanted[heaviest] ? 1 : 0;
    }
    return hits;
  }

  /**
   * The expected overlap of the best of some heads that rank keys at random: hits are
   * hypergeometric, and independent from head to head.
   *
   * @param visible keys
   * @param count keys that are wanted, and as many that are taken
   */
  static double chance(int visible, int count, int heads) {
    double below = 0;
    double expected = 0;
    double cumulative = 0;
    for (int hits = Math.max(0, 2 * count - visible); hits <= count; hits++) {
      cumulative += Math.exp(lnHypergeometric(visible, count, hits));
      double now = Math.pow(Math.min(1, cumulative), heads);
      expected += (now - below) * hits / (2.0 * count - hits);
      below = now;
    }
    return expected;
  }

  private static double lnHypergeometric(int visible, int count, int hits) {
    return lnChoose(count, hits)
        + lnChoose(visible - count, count - hits)
        - lnChoose(visible, count);
  }

  private static double lnChoose(int n, int k) {
    double out = 0;
    for (int i = 1; i <= k; i++) {
      out += Math.log((n - k + i) / (double) i);
    }
    return out;
  }
}
