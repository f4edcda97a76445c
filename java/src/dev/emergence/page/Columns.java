package dev.emergence.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Numbers for a browser: {@code {type: f64 | f32 | u8, z: gzip, data: BASE64}}, little-endian. NaN
 * is no value; infinities stay.
 */
final class Columns {
  private Columns() {}

  static Map<String, Object> f64(List<double[]> parts) {
    ByteBuffer out = room(parts, Double.BYTES);
    parts.forEach(part -> java.util.Arrays.stream(part).forEach(out::putDouble));
    return encoded("f64", out.array());
  }

  static Map<String, Object> f32(List<double[]> parts) {
    ByteBuffer out = room(parts, Float.BYTES);
    parts.forEach(part -> java.util.Arrays.stream(part).forEach(x -> out.putFloat((float) x)));
    return encoded("f32", out.array());
  }

  static Map<String, Object> u8(byte[] bytes) {
    return encoded("u8", bytes);
  }

  /** A text of any length. */
  static Map<String, Object> text(String text) {
    return encoded("text", text.getBytes(StandardCharsets.UTF_8));
  }

  private static ByteBuffer room(List<double[]> parts, int width) {
    int length = parts.stream().mapToInt(part -> part.length).sum();
    return ByteBuffer.allocate(Math.multiplyExact(length, width)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Map<String, Object> encoded(String type, byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new Packing(packed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String data = Base64.getEncoder().encodeToString(packed.toByteArray());
    return Trees.of("type", type, "z", "gzip", "data", data);
  }

  /** As small as gzip gets. */
  private static final class Packing extends GZIPOutputStream {
    Packing(ByteArrayOutputStream to) throws IOException {
      super(to);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
