package dev.emergence.train;

import dev.emergence.model.Network;
import dev.emergence.task.Batch;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whole attention patterns on the first sequence of a test set. */
final class AttentionPictures {
  private final Backend backend;
  private final Batch batch;
  private final Network network;
  private final Tensor first;
  private final Tensor probabilities;
  private final List<Parents> parents;

  /**
   * @param scope owner of its buffers
   * @param batch room for one sequence
   * @param network one for inspection, of batch size 1
   */
  AttentionPictures(Backend backend, Scope scope, Batch batch, Network network) {
    this.backend = backend;
    this.batch = batch;
    this.network = network;
    Attention.Shape s = network.attention().get(0).shape();
    int r = batch.input().replicas();
    this.first = scope.ints(r);
    this.probabilities = scope.floats(r, 1, s.heads(), s.queries(), s.keys());
    this.parents = batch.parents();
  }

  /** Every layer's and head's, of one replica as it stands. */
  List<AttentionPicture> take(int replica) {
    batch.draw(first);
    network.forward(batch.input());
    List<AttentionPicture> pictures = new ArrayList<>();
    List<Attention> layers = network.attention();
    for (int layer = 0; layer < layers.size(); layer++) {
      backend.attentionProbabilities(layers.get(layer), probabilities);
      double[] all = backend.doubles(probabilities.replica(replica));
      int heads = probabilities.dim(2);
      for (int head = 0; head < heads; head++) {
        pictures.add(new AttentionPicture(layer + 1, head + 1, square(all, head)));
      }
    }
    return pictures;
  }

  /**
   * Pairs of a query and a key that it should attend to, as far as the task knows. What an earlier
   * layer should find is left out behind the last scored query: no prediction follows from it, and
   * it would pass for what the read-out should attend to.
   */
  double[][] trueKeys(int replica) {
    batch.draw(first);
    List<double[]> pairs = new ArrayList<>();
    int last = parents.isEmpty() ? -1 : lastQuery(parents.get(0), replica);
    for (Parents list : parents) {
      int[] queries = backend.ints(list.queries().replica(replica));
      int[] keys = backend.ints(list.keys().replica(replica));
      for (int i = 0; i < keys.length; i++) {
        int query = queries[i / list.width()];
        if (keys[i] >= 0 && query >= 0 && query <= last) {
          pairs.add(new double[] {query, keys[i]});
        }
      }
    }
    return pairs.toArray(double[][]::new);
  }

  private int lastQuery(Parents list, int replica) {
    return Arrays.stream(backend.ints(list.queries().replica(replica))).max().orElse(-1);
  }

  private double[][] square(double[] all, int head) {
    int queries = probabilities.dim(3);
    int keys = probabilities.dim(4);
    double[][] out = new double[queries][];
    for (int q = 0; q < queries; q++) {
      int start = (head * queries + q) * keys;
      out[q] = Arrays.copyOfRange(all, start, start + keys);
    }
    return out;
  }
}
