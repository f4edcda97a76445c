package dev.emergence.result;

import dev.emergence.tensor.ShapedArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what {@link Safetensors} writes; believes no number of the file before it has been checked
 * against its size.
 */
final class SafetensorsReader {
  private static final long LARGEST_HEADER = 64L << 20;
  private final String name;
  private final FileChannel channel;
  private final long size;
  private long dataStart;

  private SafetensorsReader(Path file, FileChannel channel) throws IOException {
    this.name = file.getFileName().toString();
    this.channel = channel;
    this.size = channel.size();
  }

  static Safetensors read(Path file) throws Damaged {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new Damaged(file.getFileName() + " is missing or no plain file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new SafetensorsReader(file, channel).file();
    } catch (IOException e) {
      throw new Damaged(file.getFileName() + " cannot be read: " + e, e);
    }
  }

  /**
   * One tensor with the file's metadata. Nothing else is read, so the checksum is not checked.
   *
   * @throws Damaged when the file's header is not whole
   */
  static Safetensors read(Path file, String tensor) throws Damaged {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new Damaged(file.getFileName() + " is missing or no plain file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new SafetensorsReader(file, channel).only(tensor);
    } catch (IOException e) {
      throw new Damaged(file.getFileName() + " cannot be read: " + e, e);
    }
  }

  /**
   * Whether the header is whole and describes a file of this size. No numbers are read.
   *
   * @throws Damaged saying what is wrong
   */
  static void check(Path file) throws Damaged {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new Damaged(file.getFileName() + " is missing or no plain file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      SafetensorsReader reader = new SafetensorsReader(file, channel);
      Map<String, Object> header = reader.header();
      reader.metadata(header.remove(Safetensors.METADATA));
      reader.placed(header);
    } catch (IOException e) {
      throw new Damaged(file.getFileName() + " cannot be read: " + e, e);
    }
  }

  private Safetensors only(String tensor) throws IOException, Damaged {
    Map<String, Object> header = header();
    Map<String, String> metadata = metadata(header.remove(Safetensors.METADATA));
    metadata.remove(Safetensors.CHECKSUM);
    require(header.containsKey(tensor), "has no '" + tensor + "'");
    Part part = part(tensor, header.get(tensor));
    require(part.to() <= size - dataStart, "has '" + tensor + "' outside its place");
    return new Safetensors(metadata, Map.of(tensor, values(part)));
  }

  /** What describes the tensors; {@link #dataStart} is known after it. */
  private Map<String, Object> header() throws IOException, Damaged {
    require(size >= Long.BYTES, "has " + size + " bytes, too few for a header");
    long length = bytes(0, Long.BYTES).getLong();
    require(
        length >= 2 && length <= Math.min(LARGEST_HEADER, size - Long.BYTES),
        "claims a header of " + Long.toUnsignedString(length) + " bytes in a file of " + size);
    String json = StandardCharsets.UTF_8.decode(bytes(Long.BYTES, (int) length)).toString();
    dataStart = Long.BYTES + length;
    return Json.read(json, name + "'s header");
  }

  private Safetensors file() throws IOException, Damaged {
    Map<String, Object> header = header();
    Map<String, String> metadata = metadata(header.remove(Safetensors.METADATA));
    String checksum = metadata.remove(Safetensors.CHECKSUM);
    Safetensors found = new Safetensors(metadata, tensors(header));
    require(found.checksum().equals(checksum), "does not match its checksum");
    return found;
  }

  private Map<String, String> metadata(Object found) throws Damaged {
    require(found instanceof Map, "has no " + Safetensors.METADATA);
    Map<String, String> out = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : ((Map<?, ?>) found).entrySet()) {
      require(
          entry.getValue() instanceof String, "has metadata that are no text: " + entry.getKey());
      out.put((String) entry.getKey(), (String) entry.getValue());
    }
    return out;
  }

  private Map<String, ShapedArray> tensors(Map<String, Object> header) throws IOException, Damaged {
    Map<String, ShapedArray> out = new LinkedHashMap<>();
    for (Map.Entry<String, Part> entry : placed(header)) {
      out.put(entry.getKey(), values(entry.getValue()));
    }
    return out;
  }

  /** The tensors in their order, which fill the file from the header to its end. */
  private List<Map.Entry<String, Part>> placed(Map<String, Object> header) throws Damaged {
    Map<String, Part> parts = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : header.entrySet()) {
      parts.put(entry.getKey(), part(entry.getKey(), entry.getValue()));
    }
    List<Map.Entry<String, Part>> ordered =
        parts.entrySet().stream()
            .sorted(Comparator.comparingLong(e -> e.getValue().from()))
            .toList();
    long offset = 0;
    for (Map.Entry<String, Part> entry : ordered) {
      Part part = entry.getValue();
      require(
          part.from() == offset && part.to() <= size - dataStart,
          "has '" + entry.getKey() + "' outside its place");
      offset = part.to();
    }
    require(
        dataStart + offset == size,
        "has " + size + " bytes, its header describes " + (dataStart + offset));
    return ordered;
  }

  /** Where one tensor lies, checked in itself. */
  private record Part(Safetensors.Type type, int[] shape, long from, long to) {}

  private Part part(String tensor, Object found) throws Damaged {
    require(found instanceof Map, "describes '" + tensor + "' by " + found);
    Map<?, ?> description = (Map<?, ?>) found;
    Object dtype = description.get("dtype");
    require(
        "F32".equals(dtype) || "F64".equals(dtype),
        "has '" + tensor + "' of type " + dtype + ", expected F32 or F64");
    Safetensors.Type type = Safetensors.Type.valueOf((String) dtype);
    long[] shape = integers(tensor, description.get("shape"));
    long[] offsets = integers(tensor, description.get("data_offsets"));
    require(offsets.length == 2, "has '" + tensor + "' without data_offsets");
    long elements = 1;
    for (long n : shape) {
      require(
          n <= Integer.MAX_VALUE && elements * n <= Integer.MAX_VALUE,
          "has '" + tensor + "' with more values than fit");
      elements *= n;
    }
    require(
        offsets[1] - offsets[0] == elements * type.bytes(),
        "has '" + tensor + "' of another size than its shape");
    int[] dims = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
    return new Part(type, dims, offsets[0], offsets[1]);
  }

  private long[] integers(String tensor, Object found) throws Damaged {
    require(found instanceof List, "has '" + tensor + "' without shape or data_offsets");
    List<?> list = (List<?>) found;
    long[] out = new long[list.size()];
    for (int i = 0; i < out.length; i++) {
      boolean integer = list.get(i) instanceof Integer || list.get(i) instanceof Long;
      require(
          integer && ((Number) list.get(i)).longValue() >= 0,
          "has '" + tensor + "' with " + list.get(i) + " as a size");
      out[i] = ((Number) list.get(i)).longValue();
    }
    return out;
  }

  private ShapedArray values(Part part) throws IOException, Damaged {
    ByteBuffer bytes = bytes(dataStart + part.from(), Math.toIntExact(part.to() - part.from()));
    int count = bytes.remaining() / part.type().bytes();
    if (part.type() == Safetensors.Type.F32) {
      float[] floats = new float[count];
      bytes.asFloatBuffer().get(floats);
      return new ShapedArray(part.shape(), floats);
    }
    double[] doubles = new double[count];
    bytes.asDoubleBuffer().get(doubles);
    return new ShapedArray(part.shape(), doubles);
  }

  private ByteBuffer bytes(long from, int count) throws IOException, Damaged {
    ByteBuffer out = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (out.hasRemaining()) {
      int read = channel.read(out, from + out.position());
      require(read > 0, "ends at byte " + (from + out.position()));
    }
    return out.flip();
  }

  private void require(boolean holds, String otherwise) throws Damaged {
    if (!holds) {
      throw new Damaged(name + " " + otherwise);
    }
  }
}
