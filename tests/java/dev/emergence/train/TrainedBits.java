package dev.emergence.train;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.ShapedArray;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A program that trains on the cuda backend and prints its description, then a digest of all that
 * each training holds at its end, a line each. A switch of the environment is read once a process,
 * so a test that compares two settings starts it twice.
 */
final class TrainedBits {
  private static final List<Integer> SEEDS = List.of(5, 8, 13);

  /** Of the papers' width, for a GPU. */
  private static final List<String> WIDE =
      List.of(
          """
          dsl: 1
          name: bits
          task: {kind: linear_regression, dim: 16, sequence_length: 16, relevant_position: random}
          architecture: {kind: transformer, layers: 2, heads: 4, embedding_dim: 256, head_dim: 64,
            mlp_factor: 4, layer_norm: none, readout: last}
          training: {optimizer: {kind: adam, learning_rate: 1.0e-4}, batch_size: 32, precision: tf32}
          """,
          """
          dsl: 1
          name: bits
          task: {kind: associative_recall, pairs: 32, tokens: 256, query_placement: at_least_one}
          architecture: {kind: transformer, layers: 4, heads: 4, embedding_dim: 256, head_dim: 64,
            mlp_factor: 4, layer_norm: pre, readout: last}
          training: {optimizer: {kind: adam, learning_rate: 1.0e-4}, batch_size: 32}
          """);

  private TrainedBits() {}

  /**
   * Trains on a GPU, or else on the emulated one by our own products and by a library's.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws Exception {
    if (CudaUnderTest.isReal()) {
      train(CudaUnderTest.open(), WIDE.stream().map(TrainedBits::config), 300);
    } else {
      train(CudaUnderTest.emulated(), tiny(), 3);
      train(CudaUnderTest.withStandIn(), tiny(), 3);
    }
  }

  private static void train(Backend opened, Stream<RunConfig> configs, int steps) throws Exception {
    try (Backend backend = opened) {
      System.out.println(backend.description());
      for (RunConfig config : configs.toList()) {
        try (Training training =
            Trainer.create(backend, Collections.nCopies(SEEDS.size(), config), SEEDS)) {
          training.trainTo(steps);
          System.out.println(digest(training));
        }
      }
    }
  }

  private static Stream<RunConfig> tiny() {
    return Stream.of(TinyRun.regression(), TinyRun.recall().clip(0.1)).map(TinyRun::config);
  }

  private static RunConfig config(String yaml) {
    return SpecReader.read("bits.yaml", yaml, ReadOptions.none()).spec().orElseThrow().base();
  }

  private static String digest(Training training) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (int replica = 0; replica < training.replicas(); replica++) {
      Map<String, ShapedArray> arrays = new TreeMap<>(training.snapshot(replica).arrays());
      for (Map.Entry<String, ShapedArray> array : arrays.entrySet()) {
        digest.update(array.getKey().getBytes());
        for (double value : array.getValue().values()) {
          digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(value).flip());
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
