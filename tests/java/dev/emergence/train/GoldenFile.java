package dev.emergence.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One of PyTorch's files in {@code tests/golden}: float64 and int32 tensors by name. */
record GoldenFile(Map<String, double[]> tensors) {

  static GoldenFile read(String name) {
    try (InputStream in =
        GoldenFile.class.getResourceAsStream("/golden/" + name + ".safetensors")) {
      ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      int header = (int) file.getLong();
      String json = new String(file.array(), Long.BYTES, header, StandardCharsets.UTF_8);
      Map<String, double[]> tensors = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : JsonMapper.shared().readTree(json).properties()) {
        JsonNode offsets = entry.getValue().get("data_offsets");
        int from = Long.BYTES + header + offsets.get(0).asInt();
        int bytes = offsets.get(1).asInt() - offsets.get(0).asInt();
        boolean integers = entry.getValue().get("dtype").asString().equals("I32");
        tensors.put(entry.getKey(), numbers(file, from, bytes, integers));
      }
      return new GoldenFile(tensors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] numbers(ByteBuffer file, int from, int bytes, boolean integers) {
    double[] out = new double[bytes / (integers ? Integer.BYTES : Double.BYTES)];
    for (int i = 0; i < out.length; i++) {
      out[i] =
          integers
              ? file.getInt(from + i * Integer.BYTES)
              : file.getDouble(from + i * Double.BYTES);
    }
    return out;
  }

  double[] tensor(String name) {
    double[] found = tensors.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no tensor '" + name + "' in " + tensors.keySet());
    }
    return found;
  }
}
