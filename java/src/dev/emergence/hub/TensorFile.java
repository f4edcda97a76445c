package dev.emergence.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One safetensors file from elsewhere: eight bytes of header length, a JSON header, then all
 * numbers, little-endian. Numbers are mapped into memory when they are asked for. No length that
 * the file claims is believed before it has been held against the file's size.
 */
final class TensorFile implements AutoCloseable {
  private static final long LARGEST_HEADER = 64L << 20;

  /** Bytes that are mapped at a time. */
  private static final int PIECE = 16 << 20;

  private final Path file;
  private final FileChannel channel;
  private final long dataStart;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * Where a tensor lies.
   *
   * @param from first byte after the header
   */
  record Entry(ElementType type, List<Long> shape, long from, long to) {
    long elements() {
      return (to - from) / type.bytes();
    }
  }

  private TensorFile(Path file, FileChannel channel) throws IOException, BadFile {
    this.file = file;
    this.channel = channel;
    long size = channel.size();
    require(size >= Long.BYTES, "has " + size + " bytes, too few for a safetensors header");
    long length = bytes(0, Long.BYTES).getLong();
    require(
        length >= 2 && length <= Math.min(LARGEST_HEADER, size - Long.BYTES),
        "is no whole safetensors file: it claims a header of "
            + Long.toUnsignedString(length)
            + " bytes and has "
            + size);
    this.dataStart = Long.BYTES + length;
    String header = StandardCharsets.UTF_8.decode(bytes(Long.BYTES, (int) length)).toString();
    JsonFile json = JsonFile.of(header, file + "'s header");
    long end = 0;
    for (String name : json.values().keySet()) {
      if (!name.equals("__metadata__")) {
        Entry entry = entry(name, json.object(name));
        entries.put(name, entry);
        end = Math.max(end, entry.to());
      }
    }
    require(
        dataStart + end == size,
        "has " + size + " bytes, but its header describes " + (dataStart + end));
  }

  /** Opens a file and checks its header. */
  static TensorFile open(Path file) throws BadFile {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        return new TensorFile(file, channel);
      } catch (IOException | BadFile | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new BadFile(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private Entry entry(String name, JsonFile described) throws BadFile, IOException {
    ElementType type;
    try {
      type = ElementType.of(described.values().get("dtype"));
    } catch (BadFile e) {
      throw new BadFile(file + " has '" + name + "' of unknown " + e.getMessage());
    }
    List<Long> shape = integers(name, "shape", described.values().get("shape"));
    List<Long> ends = integers(name, "data_offsets", described.values().get("data_offsets"));
    require(ends.size() == 2, "has '" + name + "' without two data_offsets");
    long bytes = type.bytes();
    try {
      for (long n : shape) {
        bytes = Math.multiplyExact(bytes, n);
      }
    } catch (ArithmeticException e) {
      bytes = -1;
    }
    long from = ends.get(0);
    long to = ends.get(1);
    require(
        from <= to && to <= channel.size() - dataStart && to - from == bytes,
        "has '" + name + "' of shape " + shape + " in bytes " + from + " to " + to);
    return new Entry(type, shape, from, to);
  }

  private List<Long> integers(String tensor, String key, Object found) throws BadFile {
    boolean fits =
        found instanceof List<?> list
            && list.stream().allMatch(n -> n instanceof Integer || n instanceof Long)
            && list.stream().allMatch(n -> ((Number) n).longValue() >= 0);
    require(fits, "has '" + tensor + "' with " + key + " " + found);
    return ((List<?>) found).stream().map(n -> ((Number) n).longValue()).toList();
  }

  Path file() {
    return file;
  }

  /** All tensors by name, in the order of the header. */
  Map<String, Entry> entries() {
    return entries;
  }

  /**
   * Reads neighbouring numbers of a tensor, each as the float of the same value.
   *
   * @param first number of the first of them
   * @param to room for them
   */
  void read(String name, long first, float[] to) throws BadFile {
    Entry entry = entries.get(name);
    int width = entry.type().bytes();
    int piece = PIECE / width;
    for (int done = 0; done < to.length; done += piece) {
      int count = Math.min(piece, to.length - done);
      ByteBuffer mapped = map(entry.from() + (first + done) * width, (long) count * width);
      for (int i = done; i < done + count; i++) {
        to[i] = entry.type().next(mapped);
      }
    }
  }

  private ByteBuffer map(long from, long count) throws BadFile {
    try {
      return channel.map(MapMode.READ_ONLY, dataStart + from, count).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new BadFile(file + " cannot be mapped: " + e.getMessage(), e);
    }
  }

  private ByteBuffer bytes(long from, int count) throws IOException, BadFile {
    ByteBuffer out = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (out.hasRemaining()) {
      int read = channel.read(out, from + out.position());
      require(read > 0, "ends at byte " + (from + out.position()));
    }
    return out.flip();
  }

  private void require(boolean holds, String otherwise) throws BadFile {
    BadFile.require(holds, file + " " + otherwise);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written, so nothing can be lost.
    }
  }
}
