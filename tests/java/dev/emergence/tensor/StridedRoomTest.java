package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.emergence.reference.ReferenceBackend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * What operations reach by strides must have room for the very last element, and for no more: a
 * tensor that is one element shorter is refused, because a kernel would leave its memory.
 */
class StridedRoomTest {
  /** A check of shapes, given tensors by the names of its arguments. */
  private interface Call extends BiConsumer<Scope, Map<String, Tensor>> {}

  /** One more than the place of the last element of tokens that lie {@code stride} apart. */
  private static long room(int sequences, int tokens, int stride, int width) {
    long last = -1;
    for (int b = 0; b < sequences; b++) {
      for (int t = 0; t < tokens; t++) {
        last = Math.max(last, ((long) b * tokens + t) * stride + width - 1);
      }
    }
    return last + 1;
  }

  private static void holds(String operation, Map<String, Long> rooms, Call call) {
    try (ReferenceBackend backend = new ReferenceBackend();
        Scope scope = new Scope(backend)) {
      call.accept(scope, tensors(scope, rooms, ""));
      for (String name : rooms.keySet()) {
        if (rooms.get(name) == 1) {
          continue; // there is no tensor without elements
        }
        Map<String, Tensor> tensors = tensors(scope, rooms, name);
        assertThatIllegalArgumentException()
            .as("%s with a shorter %s", operation, name)
            .isThrownBy(() -> call.accept(scope, tensors))
            .withMessageStartingWith(operation + ": ")
            .withMessageContaining(name + " ");
      }
    }
  }

  private static Map<String, Tensor> tensors(Scope s, Map<String, Long> rooms, String shorter) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    rooms.forEach((name, n) -> out.put(name, s.floats(1, name.equals(shorter) ? n - 1 : n)));
    return out;
  }

  @Property(tries = 60)
  void attention_has_room_for_its_last_head(
      @ForAll @IntRange(min = 1, max = 4) int batch,
      @ForAll @IntRange(min = 1, max = 4) int heads,
      @ForAll @IntRange(min = 1, max = 5) int queries,
      @ForAll @IntRange(min = 1, max = 5) int keys,
      @ForAll @IntRange(min = 2, max = 6) int headDim,
      @ForAll @IntRange(min = 0, max = 9) int gap) {
    int token = heads * headDim;
    Attention.Shape shape =
        new Attention.Shape(
            batch, heads, queries, keys, headDim, true, token + gap, token + 2 * gap, token);
    Map<String, Long> rooms = new LinkedHashMap<>();
    rooms.put("q", room(batch, queries, token + gap, token));
    rooms.put("k", room(batch, keys, token + 2 * gap, token));
    rooms.put("v", room(batch, keys, token + 2 * gap, token));
    rooms.put("out", room(batch, queries, token, token));
    rooms.put("lse", (long) batch * heads * queries);
    holds("attention", rooms, (s, t) -> AttentionShapes.attention(attention(t, shape)));
    rooms.put("dOut", rooms.get("out"));
    rooms.put("dQ", rooms.get("q"));
    rooms.put("dK", rooms.get("k"));
    rooms.put("dV", rooms.get("v"));
    rooms.put("delta", rooms.get("lse"));
    holds(
        "attentionBackward",
        rooms,
        (s, t) -> AttentionShapes.attentionBackward(gradient(t, attention(t, shape))));
    rooms.keySet().removeAll(List.of("dQ", "dK", "dV"));
    rooms.put("dStrength", 1L);
    holds("attentionBiasBackward", rooms, (s, t) -> biasBackward(s, t, shape));
  }

  private static Attention attention(Map<String, Tensor> t, Attention.Shape shape) {
    return new Attention(
        t.get("q"), t.get("k"), t.get("v"), Optional.empty(), t.get("out"), t.get("lse"), shape, 1);
  }

  private static Attention.Gradient gradient(Map<String, Tensor> t, Attention a) {
    return new Attention.Gradient(
        a, t.get("dOut"), t.get("dQ"), t.get("dK"), t.get("dV"), t.get("delta"));
  }

  private static void biasBackward(Scope s, Map<String, Tensor> t, Attention.Shape shape) {
    Parents on = new Parents("parents", s.ints(1, 1, 2), s.ints(1, 1, 2, 1));
    Attention a = attention(t, shape).with(List.of(new Bias(on, s.floats(1))));
    AttentionShapes.attentionBiasBackward(gradient(t, a), 0, t.get("dStrength"));
  }

  @Property(tries = 40)
  void fast_weights_have_room_for_their_last_head(
      @ForAll @IntRange(min = 1, max = 4) int batch,
      @ForAll @IntRange(min = 1, max = 5) int length,
      @ForAll @IntRange(min = 1, max = 4) int heads,
      @ForAll @IntRange(min = 2, max = 6) int headDim,
      @ForAll @IntRange(min = 0, max = 9) int gap) {
    int token = heads * headDim;
    FastWeights.Shape shape =
        new FastWeights.Shape(batch, length, heads, headDim, token + gap, 2 * heads + gap);
    Map<String, Long> rooms = new LinkedHashMap<>();
    for (String name : List.of("q", "k", "v")) {
      rooms.put(name, room(batch, length, token + gap, token));
    }
    rooms.put("gates", room(batch, length, 2 * heads + gap, 2 * heads));
    rooms.put("out", (long) batch * length * token);
    holds("fastWeights", rooms, (s, t) -> MixerShapes.fastWeights(fastWeights(t, shape)));
    rooms.put("dOut", rooms.get("out"));
    for (String name : List.of("dQ", "dK", "dV")) {
      rooms.put(name, rooms.get("q"));
    }
    rooms.put("dGates", rooms.get("gates"));
    holds(
        "fastWeightsBackward",
        rooms,
        (s, t) ->
            MixerShapes.fastWeightsBackward(
                new FastWeights.Gradient(
                    fastWeights(t, shape),
                    t.get("dOut"),
                    t.get("dQ"),
                    t.get("dK"),
                    t.get("dV"),
                    Optional.of(t.get("dGates")))));
  }

  private static FastWeights fastWeights(Map<String, Tensor> t, FastWeights.Shape shape) {
    return new FastWeights(
        t.get("q"),
        t.get("k"),
        t.get("v"),
        Optional.of(t.get("gates")),
        t.get("out"),
        shape,
        FastWeights.Feature.NONE,
        false,
        1);
  }

  @Property(tries = 40)
  void scans_and_rotations_have_room_for_their_last_channel(
      @ForAll @IntRange(min = 1, max = 4) int batch,
      @ForAll @IntRange(min = 1, max = 5) int length,
      @ForAll @IntRange(min = 1, max = 6) int width,
      @ForAll @IntRange(min = 0, max = 9) int gap) {
    int stride = 2 * width + gap;
    Map<String, Long> rooms = new LinkedHashMap<>();
    rooms.put("u", room(batch, length, stride, width));
    rooms.put("gates", room(batch, length, stride, 2 * width));
    holds(
        "diagonalScan",
        rooms,
        (s, t) ->
            MixerShapes.diagonalScan(
                new DiagonalScan(
                    t.get("u"),
                    Optional.of(t.get("gates")),
                    s.floats(1, width),
                    s.floats(1, batch, length, width),
                    stride)));
    holds(
        "rotate",
        Map.of("x", room(batch, length, stride, 2 * width)),
        (s, t) ->
            MixerShapes.rotate(
                new Rotation(t.get("x"), s.floats(1, length, 2), batch, width, stride)));
  }
}
