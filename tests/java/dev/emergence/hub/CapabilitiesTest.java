package dev.emergence.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.tensor.Backend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many checkpoints of one small model, whose read-out doubles at some step. */
class CapabilitiesTest {
  private static final int READOUT = 40 * 16 * Float.BYTES;

  @TempDir Path folder;

  private void checkpoints(int count, int doubledFrom) throws IOException {
    for (int step = 0; step < count; step++) {
      Path to = Files.createDirectories(folder.resolve("step" + step));
      try (Stream<Path> files = Files.list(NeoxGoldenTest.GOLDEN.resolve("float32"))) {
        for (Path file : files.toList()) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
      Path weights = to.resolve("model.safetensors");
      ByteBuffer bytes =
          ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
      // A number of its own for each step, so that no two have the same weights.
      float factor = (step >= doubledFrom ? 2 : 1) + step * 1e-4f;
      for (int at = bytes.capacity() - READOUT; at < bytes.capacity(); at += Float.BYTES) {
        bytes.putFloat(at, factor * bytes.getFloat(at));
      }
      Files.write(weights, bytes.array());
    }
  }

  @Test
  void every_set_is_judged_by_all_steps_that_were_read_for_any() throws Exception {
    checkpoints(17, 11);
    StringBuilder prompts = new StringBuilder();
    // They pass never, from the doubling on, and always.
    for (int answer : new int[] {33, 0, 22}) {
      String set = "to" + answer;
      prompts.append(
          "{\"set\": \"%s\", \"prompt\": [5, 9], \"answer\": [%d]}\n".formatted(set, answer));
    }
    Path asked = Files.writeString(folder.resolve("prompts.jsonl"), prompts);
    Capabilities.Request request = new Capabilities.Request(folder, Optional.of(asked), false);
    try (Backend backend = new ReferenceBackend();
        Capabilities capabilities = Capabilities.open(backend, request, note -> {})) {
      List<Capabilities.Crossing> found = capabilities.crossings("probability", 0.06);
      assertThat(capabilities.readings().size()).isBetween(7, 16);
      assertThat(found)
          .allSatisfy(
              crossing ->
                  assertThat(crossing.found().values().keySet())
                      .isEqualTo(capabilities.readings().keySet()));
      assertThat(found).anySatisfy(c -> assertThat(c.found().after()).hasValue(11));
      assertThat(found).anySatisfy(c -> assertThat(c.found().after()).isEmpty());
    }
  }

  private static void write(Path folder, String types, byte[]... data) throws IOException {
    Files.createDirectories(folder);
    byte[] header = types.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all = ByteBuffer.allocate(8 + header.length + 32).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(header.length).put(header);
    for (byte[] one : data) {
      all.put(one);
    }
    byte[] whole = new byte[all.position()];
    all.flip().get(whole);
    Files.write(folder.resolve("model.safetensors"), whole);
  }

  private static String hash(Path folder) throws BadFile {
    try (Weights weights = Weights.open(folder)) {
      return weights.fingerprint() + weights.hash();
    }
  }

  @Test
  void the_same_numbers_are_the_same_weights_in_any_type_and_beside_any_buffer() throws Exception {
    String entry = "{\"w\":{\"dtype\":\"%s\",\"shape\":[2],\"data_offsets\":[0,%d]}%s}";
    String buffer =
        ",\"l.0.attention.bias\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[%d,%d]}";
    byte[] halves = {0x40, 0x3f, -0x80, -0x41}; // 0.75 and -1 as BF16
    byte[] floats = {0, 0, 0x40, 0x3f, 0, 0, -0x80, -0x41};
    write(folder.resolve("a"), entry.formatted("BF16", 4, ""), halves);
    write(folder.resolve("b"), entry.formatted("F32", 8, ""), floats);
    String kept = entry.formatted("F32", 8, buffer.formatted("F32", 8, 12));
    write(folder.resolve("c"), kept, floats, new byte[] {0, 0, 0, 1});
    assertThat(hash(folder.resolve("b"))).isEqualTo(hash(folder.resolve("a")));
    assertThat(hash(folder.resolve("c"))).isEqualTo(hash(folder.resolve("a")));
    write(
        folder.resolve("d"), entry.formatted("BF16", 4, ""), new byte[] {0x41, 0x3f, -0x80, -0x41});
    assertThat(hash(folder.resolve("d"))).isNotEqualTo(hash(folder.resolve("a")));
  }
}
