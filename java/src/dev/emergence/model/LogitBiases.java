package dev.emergence.model;

import dev.emergence.spec.LogitBias;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Bias;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** What is added to the attention scores of one layer of one network. */
final class LogitBiases {
  private static final String NAME = "logit_bias.";
  private final Memory memory;
  private final Place place;
  private final List<Bias> biases = new ArrayList<>();
  private final List<Gradient> gradients = new ArrayList<>();

  /**
   * Where the attention stands.
   *
   * @param layer from 0, of {@code layers}
   * @param length tokens of a sequence
   * @param firstQuery position of the attention's first query
   */
  record Place(int layer, int layers, int heads, int length, int firstQuery) {}

  /**
   * Of the bias with this number.
   *
   * @param adds whether another one wrote to it before
   */
  private record Gradient(int bias, Tensor dStrength, boolean adds) {}

  /**
   * @param specs all entries of the file
   * @throws IllegalArgumentException when a bias is toward parents and the batch knows none
   */
  LogitBiases(Memory memory, List<LogitBias> specs, Place place, Guidance guidance) {
    this.memory = memory;
    this.place = place;
    for (int n = 0; n < specs.size(); n++) {
      if (specs.get(n).in(place.layer())) {
        add(n, specs.get(n), guidance);
      }
    }
  }

  /** Adds the strengths that are trained: one number for each such entry. */
  static void declare(Layout.Builder layout, List<LogitBias> specs) {
    for (int n = 0; n < specs.size(); n++) {
      if (specs.get(n).trainable()) {
        layout.add(NAME + n, new Initial.Constant(specs.get(n).strength()), 1);
      }
    }
  }

  /** Gives the strengths that are trained the initial values of a replica's run. */
  static void initialize(
      Backend backend, Parameters parameters, int replica, List<LogitBias> specs) {
    for (int n = 0; n < specs.size(); n++) {
      if (specs.get(n).trainable()) {
        double[] strength = {specs.get(n).strength()};
        backend.write(parameters.value(NAME + n).replica(replica), strength);
      }
    }
  }

  private void add(int n, LogitBias spec, Guidance guidance) {
    Tensor strength = strength(n, spec, guidance);
    Optional<Tensor> heads = heads(spec);
    // Layers come last to first in the backward pass: the first that comes overwrites.
    boolean adds = IntStream.range(place.layer() + 1, place.layers()).anyMatch(spec::in);
    for (Parents on : lists(spec, guidance)) {
      if (spec.trainable()) {
        gradients.add(new Gradient(biases.size(), memory.parameters().gradient(NAME + n), adds));
        adds = true;
      }
      biases.add(new Bias(on, strength, heads, place.firstQuery()));
    }
  }

  private Tensor strength(int n, LogitBias spec, Guidance guidance) {
    if (spec.trainable()) {
      return memory.parameters().value(NAME + n);
    } else if (!guidance.strengths().isEmpty()) {
      return guidance.strengths().get(n);
    }
    Tensor strength = memory.floats(1);
    double[] equal = new double[strength.replicas()];
    Arrays.fill(equal, spec.strength());
    memory.backend().write(strength, equal);
    return strength;
  }

  private List<Parents> lists(LogitBias spec, Guidance guidance) {
    int length = place.length();
    return switch (spec.toward()) {
      case PARENTS -> {
        if (guidance.parents().isEmpty()) {
          throw new IllegalArgumentException(
              "logit_bias toward parents needs a batch that knows which tokens matter");
        }
        yield guidance.parents();
      }
      case PREVIOUS -> List.of(list("previous", length, i -> i - 1));
      case OFFSET -> List.of(list("offset", length, i -> i - spec.offset()));
      case FIRST -> List.of(list("first", length, i -> 0));
    };
  }

  /** One key for each query, the same in all sequences and replicas; below 0: none. */
  private Parents list(String name, int length, IntUnaryOperator keyOf) {
    int[] positions = IntStream.range(0, length).toArray();
    int[] keys = IntStream.of(positions).map(keyOf).map(key -> Math.max(-1, key)).toArray();
    return new Parents(name, shared(positions, 1, length), shared(keys, 1, length, 1));
  }

  private Optional<Tensor> heads(LogitBias spec) {
    return spec.heads()
        .map(
            chosen ->
                shared(
                    IntStream.range(0, place.heads())
                        .map(h -> chosen.contains(h) ? 1 : 0)
                        .toArray(),
                    place.heads()));
  }

  /** The same integers in every replica. */
  private Tensor shared(int[] values, long... shape) {
    Tensor t = memory.ints(shape);
    int[] all =
        IntStream.range(0, t.replicas() * values.length)
            .map(i -> values[i % values.length])
            .toArray();
    memory.backend().write(t, all);
    return t;
  }

  /** Whether there are any. */
  boolean any() {
    return !biases.isEmpty();
  }

  /** For {@link Attention#with}. */
  List<Bias> list() {
    return biases;
  }

  /** Gradients of the strengths that are trained; follows the layer's attentionBackward. */
  void backward(Attention.Gradient g) {
    for (Gradient gradient : gradients) {
      memory
          .backend()
          .attentionBiasBackward(g, gradient.bias(), gradient.dStrength(), gradient.adds());
    }
  }
}
