package dev.emergence.result;

import dev.emergence.plan.CanonicalJson;
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
import java.util.Optional;

/**
 * A safetensors file: eight bytes of header length, a JSON header, then all numbers little-endian.
 * Python reads it with {@code safetensors.numpy.load_file}. Our metadata hold the SHA-256 of the
 * header without it and of the numbers, so that a cut or changed file is noticed.
 *
 * @param metadata texts by name
 * @param tensors by name, in the order of the file
 */
public record Safetensors(Map<String, String> metadata, Map<String, Values> tensors) {
  static final String METADATA = "__metadata__";
  static final String CHECKSUM = "sha256";
  private static final int CHUNK = 1 << 13;

  public Safetensors {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /** Element types that we write and read. */
  public enum Type {
    F32(4),
    F64(8);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of an element. */
    public int bytes() {
      return bytes;
    }
  }

  /** Numbers under a shape, row-major. */
  public static final class Values {
    private final long[] shape;
    private final Object numbers;

    /** Numbers in float32. */
    public Values(long[] shape, float[] numbers) {
      this(shape, numbers, numbers.length);
    }

    /** Numbers in float64. */
    public Values(long[] shape, double[] numbers) {
      this(shape, numbers, numbers.length);
    }

    private Values(long[] shape, Object numbers, int count) {
      long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
      if (size != count) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(shape) + " has " + size + " values, got " + count);
      }
      this.shape = shape;
      this.numbers = numbers;
    }

    /** As F32 when that loses nothing, else as F64. */
    public static Values lossless(long[] shape, double[] values) {
      boolean exact = Arrays.stream(values).allMatch(v -> Double.isNaN(v) || (float) v == v);
      if (!exact) {
        return new Values(shape, values);
      }
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      return new Values(shape, floats);
    }

    /** F32 or F64. */
    public Type type() {
      return numbers instanceof float[] ? Type.F32 : Type.F64;
    }

    /** Without dimensions for a single number. */
    public long[] shape() {
      return shape;
    }

    /** All numbers; each call converts them where they are F32. */
    public double[] values() {
      if (numbers instanceof float[] floats) {
        double[] out = new double[floats.length];
        for (int i = 0; i < out.length; i++) {
          out[i] = floats[i];
        }
        return out;
      }
      return (double[]) numbers;
    }

    /** The numbers where they are F32. */
    public Optional<float[]> floats() {
      return numbers instanceof float[] floats ? Optional.of(floats) : Optional.empty();
    }

    int count() {
      return numbers instanceof float[] floats ? floats.length : ((double[]) numbers).length;
    }

    long bytes() {
      return (long) count() * type().bytes();
    }

    /** Appends the numbers from one place to another, little-endian. */
    void put(int from, int to, ByteBuffer out) {
      if (numbers instanceof float[] floats) {
        out.asFloatBuffer().put(floats, from, to - from);
      } else {
        out.asDoubleBuffer().put((double[]) numbers, from, to - from);
      }
      out.position(out.position() + (to - from) * type().bytes());
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
    for (Map.Entry<String, Values> entry : tensors.entrySet()) {
      Values v = entry.getValue();
      List<Long> shape = Arrays.stream(v.shape()).boxed().toList();
      header.put(
          entry.getKey(),
          Map.of(
              "dtype",
              v.type().name(),
              "shape",
              shape,
              "data_offsets",
              List.of(offset, offset + v.bytes())));
      offset += v.bytes();
    }
    byte[] json = CanonicalJson.of(header).getBytes(StandardCharsets.UTF_8);
    // Numbers start at a multiple of eight bytes; blanks after the JSON are part of the format.
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private void data(OutputStream out) throws IOException {
    for (Values v : tensors.values()) {
      ByteBuffer buffer =
          ByteBuffer.allocate(CHUNK * v.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
      for (int from = 0; from < v.count(); from += CHUNK) {
        buffer.clear();
        v.put(from, Math.min(v.count(), from + CHUNK), buffer);
        out.write(buffer.array(), 0, buffer.position());
      }
    }
  }
}
