package dev.emergence.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Arrays of single precision by name, in a file that every side reads: a line {@code name size
 * size} each, an empty line, then all numbers in order, little-endian. Integers are written as
 * floats; the batches' are far below 2^24.
 */
record Arrays32(Map<String, Entry> entries) {

  /** Row-major numbers under a shape. */
  record Entry(long[] shape, float[] values) {}

  Entry of(String name) {
    Entry found = entries.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no array '" + name + "'; there are " + entries.keySet());
    }
    return found;
  }

  void write(Path file) throws IOException {
    String head =
        entries.entrySet().stream()
            .map(
                e ->
                    e.getKey()
                        + Arrays.stream(e.getValue().shape())
                            .mapToObj(n -> " " + n)
                            .collect(Collectors.joining())
                        + "\n")
            .collect(Collectors.joining());
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write((head + "\n").getBytes(StandardCharsets.US_ASCII));
      for (Entry entry : entries.values()) {
        ByteBuffer bytes =
            ByteBuffer.allocate(4 * entry.values().length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(entry.values());
        out.write(bytes.array());
      }
    }
  }

  static Arrays32 read(Path file) throws IOException {
    byte[] all = Files.readAllBytes(file);
    Map<String, Entry> entries = new LinkedHashMap<>();
    int at = 0;
    Map<String, long[]> shapes = new LinkedHashMap<>();
    while (all[at] != '\n') {
      int end = at;
      while (all[end] != '\n') {
        end++;
      }
      String[] words = new String(all, at, end - at, StandardCharsets.US_ASCII).split(" ");
      shapes.put(words[0], Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray());
      at = end + 1;
    }
    ByteBuffer bytes =
        ByteBuffer.wrap(all)
            .order(ByteOrder.LITTLE_ENDIAN)
            .position(at + 1)
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN);
    for (Map.Entry<String, long[]> shape : shapes.entrySet()) {
      float[] values =
          new float
              [Math.toIntExact(Arrays.stream(shape.getValue()).reduce(1, Math::multiplyExact))];
      bytes.asFloatBuffer().get(values);
      bytes.position(bytes.position() + 4 * values.length);
      entries.put(shape.getKey(), new Entry(shape.getValue(), values));
    }
    return new Arrays32(entries);
  }
}
