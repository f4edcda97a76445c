package dev.emergence.hub;

import dev.emergence.model.Parameters;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;
import java.util.List;

/**
 * Puts the weights of a GPT-NeoX checkpoint into our parameters. There, a head's queries, keys and
 * values stand side by side in one matrix, and of the n numbers of a head that turn with the
 * position, i goes with i + n/2. Here queries of all heads come first, then keys, then values, and
 * i goes with i + Dh/2: rows of queries and keys are put in that order, which changes no product of
 * a query and a key.
 */
final class NeoxLoader {
  /** Numbers that are read at a time. */
  private static final int PIECE = 4 << 20;

  private final NeoxConfig config;
  private final Backend backend;
  private final Parameters parameters;
  private final int[] order;

  NeoxLoader(NeoxConfig config, Backend backend, Parameters parameters) {
    this.config = config;
    this.backend = backend;
    this.parameters = parameters;
    this.order = order(config.headDim(), (int) Math.round(config.rotaryShare() * config.headDim()));
  }

  /** For each number of one of our heads, which number of a head of theirs it is. */
  static int[] order(int headDim, int rotated) {
    int[] order = new int[headDim];
    int rest = rotated;
    for (int i = 0; i < headDim / 2; i++) {
      order[i] = 2 * i < rotated ? i : rest++;
      order[i + headDim / 2] = 2 * i < rotated ? i + rotated / 2 : rest++;
    }
    if (headDim % 2 == 1) {
      order[headDim - 1] = rest;
    }
    return order;
  }

  /** Fails unless every tensor is there in its shape; nothing has been read or allocated then. */
  static void check(NeoxConfig c, Weights weights) throws BadFile {
    long width = c.width();
    long hidden = c.hidden();
    weights.expect("gpt_neox.embed_in.weight", List.of((long) c.vocabulary(), width));
    for (int layer = 0; layer < c.layers(); layer++) {
      String block = block(layer);
      for (String norm : List.of("input_layernorm", "post_attention_layernorm")) {
        weights.expect(block + norm + ".weight", List.of(width));
        weights.expect(block + norm + ".bias", List.of(width));
      }
      linear(weights, block + "attention.query_key_value", 3 * width, width);
      linear(weights, block + "attention.dense", width, width);
      linear(weights, block + "mlp.dense_h_to_4h", hidden, width);
      linear(weights, block + "mlp.dense_4h_to_h", width, hidden);
    }
    weights.expect("gpt_neox.final_layer_norm.weight", List.of(width));
    weights.expect("gpt_neox.final_layer_norm.bias", List.of(width));
    weights.expect(readout(c, weights), List.of((long) c.vocabulary(), width));
  }

  private static void linear(Weights weights, String name, long out, long in) throws BadFile {
    weights.expect(name + ".weight", List.of(out, in));
    weights.expect(name + ".bias", List.of(out));
  }

  private static String block(int layer) {
    return "gpt_neox.layers." + layer + ".";
  }

  private static String readout(NeoxConfig c, Weights weights) {
    boolean shared = c.tied() && !weights.has("embed_out.weight");
    return shared ? "gpt_neox.embed_in.weight" : "embed_out.weight";
  }

  /**
   * Reads all weights.
   *
   * @param weights checked before
   */
  void load(Weights weights) throws BadFile {
    copy(weights, "gpt_neox.embed_in.weight", "embedding.weight");
    for (int layer = 0; layer < config.layers(); layer++) {
      String from = block(layer);
      String to = "blocks." + layer + ".";
      norm(weights, from + "input_layernorm", to + "attention_norm");
      norm(weights, from + "post_attention_layernorm", to + "mlp_norm");
      projection(weights, from + "attention.query_key_value", to + "attention.");
      both(weights, from + "attention.dense", to + "attention.output");
      both(weights, from + "mlp.dense_h_to_4h", to + "mlp.hidden");
      both(weights, from + "mlp.dense_4h_to_h", to + "mlp.output");
    }
    norm(weights, "gpt_neox.final_layer_norm", "final_norm");
    copy(weights, readout(config, weights), "readout.weight");
  }

  private void norm(Weights weights, String from, String to) throws BadFile {
    copy(weights, from + ".weight", to + ".gamma");
    copy(weights, from + ".bias", to + ".beta");
  }

  private void both(Weights weights, String from, String to) throws BadFile {
    copy(weights, from + ".weight", to + ".weight");
    copy(weights, from + ".bias", to + ".bias");
  }

  private void copy(Weights weights, String from, String to) throws BadFile {
    Tensor all = parameters.value(to);
    long size = all.perReplica();
    for (long at = 0; at < size; at += PIECE) {
      int count = (int) Math.min(PIECE, size - at);
      backend.write(all.part(at, count), weights.read(from, at, count));
    }
  }

  private void projection(Weights weights, String from, String to) throws BadFile {
    int dim = config.headDim();
    List<String> roles = List.of("query", "key", "value");
    for (int role = 0; role < 3; role++) {
      Tensor matrix = parameters.value(to + roles.get(role) + ".weight");
      Tensor bias = parameters.value(to + roles.get(role) + ".bias");
      for (int head = 0; head < config.heads(); head++) {
        long row = (3L * head + role) * dim;
        int width = config.width();
        float[] rows = weights.read(from + ".weight", row * width, dim * width);
        float[] shifts = weights.read(from + ".bias", row, dim);
        boolean turns = role < 2;
        backend.write(
            matrix.part((long) head * dim * width, (long) dim * width),
            turns ? ordered(rows, width) : rows);
        backend.write(bias.part((long) head * dim, dim), turns ? ordered(shifts, 1) : shifts);
      }
    }
  }

  private float[] ordered(float[] rows, int width) {
    float[] out = new float[rows.length];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(rows, order[i] * width, out, i * width, width);
    }
    return out;
  }
}
