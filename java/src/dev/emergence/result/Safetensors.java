package dev.emergence.result;

import dev.emergence.plan.CanonicalJson;
import dev.emergence.tensor.ShapedArray;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file: eight bytes of header length, a JSON header, then all numbers little-endian.
 * Python reads it with {@code safetensors.numpy.load_file}. Our metadata hold the SHA-256 of the
 * header without it and of the numbers, so that a cut or changed file is noticed.
 *
 * @param metadata texts by name
 * @param tensors by name, in the order of the file
 */
public record Safetensors(Map<String, String> metadata, Map<String, ShapedArray> tensors) {
  static final String METADATA = "__metadata__";
  static final String CHECKSUM = "sha256";
  private static final int CHUNK = 1 << 13;

  public Safetensors {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /** Element types that we write and read. */
  enum Type {
    F32(4),
    F64(8);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    static Type of(ShapedArray numbers) {
      return numbers.floats().isPresent() ? F32 : F64;
    }

    /** Bytes of an element. */
    int bytes() {
      return bytes;
    }
  }

  /** The file's content. */
  public Disk.Content content() {
    return out -> {
      byte[] header = header(checksum());
      out.write(
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(header.length)
              .array());
      out.write(header);
      data(out);
    };
  }

  /**
   * Reads and checks a whole file.
   *
   * @throws Damaged saying what is wrong with it
   */
  public static Safetensors read(Path file) throws Damaged {
    return SafetensorsReader.read(file);
  }

  /** Hex SHA-256 of the header without checksum, and of the numbers. */
  String checksum() throws IOException {
    Checksum sha = new Checksum();
    sha.write(header(""));
    data(sha);
    return sha.hex();
  }

  private byte[] header(String checksum) {
    Map<String, Object> header = new LinkedHashMap<>();
    Map<String, Object> texts = new LinkedHashMap<>(metadata);
    if (!checksum.isEmpty()) {
      texts.put(CHECKSUM, checksum);
    }
    header.put(METADATA, texts);
    long offset = 0;
    for (Map.Entry<String, ShapedArray> entry : tensors.entrySet()) {
      Type type = Type.of(entry.getValue());
      List<Integer> shape = Arrays.stream(entry.getValue().shape()).boxed().toList();
      long bytes = (long) entry.getValue().size() * type.bytes();
      header.put(
          entry.getKey(),
          Map.of(
              "dtype",
              type.name(),
              "shape",
              shape,
              "data_offsets",
              List.of(offset, offset + bytes)));
      offset += bytes;
    }
    byte[] json = CanonicalJson.of(header).getBytes(StandardCharsets.UTF_8);
    // Numbers start at a multiple of eight bytes; blanks after the JSON are part of the format.
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private void data(OutputStream out) throws IOException {
    for (ShapedArray numbers : tensors.values()) {
      int bytes = Type.of(numbers).bytes();
      ByteBuffer buffer = ByteBuffer.allocate(CHUNK * bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int from = 0; from < numbers.size(); from += CHUNK) {
        int count = Math.min(numbers.size() - from, CHUNK);
        if (numbers.floats().isPresent()) {
          buffer.asFloatBuffer().put(numbers.floats().get(), from, count);
        } else {
          buffer.asDoubleBuffer().put(numbers.values(), from, count);
        }
        out.write(buffer.array(), 0, count * bytes);
      }
    }
  }
}
