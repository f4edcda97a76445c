package dev.emergence.backend;

import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a library by nvcc holds for GPUs. Each source file has a fat binary. It starts with a magic
 * number, the size of that header and of all that follows: entries, each with its kind, the size of
 * its own header, the size of its code, at byte 28 the GPU, and at byte 40 how it is compressed.
 */
final class FatBinaries {
  private static final int MAGIC = 0xBA55ED50;
  private static final int PTX = 1;
  private static final long LZ4 = 0x2000;
  private static final long ZSTD = 0x8000;
  private static final String CODE = ".text.";
  private static final int INSTRUCTION_BYTES = 16;

  private FatBinaries() {}

  /**
   * Code for one GPU, of one source file.
   *
   * @param ptx whether it is PTX, not machine code
   * @param gpu as in sm_90
   * @param at where its header starts
   */
  record Code(byte[] library, boolean ptx, int gpu, int at) {
    /** Its operations' numbers: a list in their order for each kernel's name. */
    Map<String, int[]> kernels() {
      ByteBuffer elf = ByteBuffer.wrap(bytes()).order(ByteOrder.LITTLE_ENDIAN);
      int table = Math.toIntExact(elf.getLong(0x28));
      int size = elf.getShort(0x3A);
      int names = offset(elf, table + size * elf.getShort(0x3E));
      Map<String, int[]> kernels = new LinkedHashMap<>();
      for (int i = 0; i < elf.getShort(0x3C); i++) {
        int section = table + size * i;
        String name = text(elf, names + elf.getInt(section));
        if (name.startsWith(CODE)) {
          int[] operations =
              new int[Math.toIntExact(elf.getLong(section + 0x20)) / INSTRUCTION_BYTES];
          for (int k = 0; k < operations.length; k++) {
            operations[k] = elf.getInt(offset(elf, section) + INSTRUCTION_BYTES * k) & 0xFFF;
          }
          kernels.put(name.substring(CODE.length()), operations);
        }
      }
      return kernels;
    }

    private byte[] bytes() {
      ByteBuffer header = ByteBuffer.wrap(library).order(ByteOrder.LITTLE_ENDIAN);
      int first = at + header.getInt(at + 4);
      long flags = header.getLong(at + 40);
      if ((flags & (LZ4 | ZSTD)) == 0) {
        return Arrays.copyOfRange(library, first, first + Math.toIntExact(header.getLong(at + 8)));
      }
      byte[] whole = new byte[Math.toIntExact(header.getLong(at + 56))];
      Decompressor decompressor =
          (flags & ZSTD) != 0 ? new ZstdDecompressor() : new Lz4Decompressor();
      decompressor.decompress(library, first, header.getInt(at + 16), whole, 0, whole.length);
      return whole;
    }
  }

  /** The code of each source file. */
  static List<List<Code>> of(byte[] library) {
    ByteBuffer bytes = ByteBuffer.wrap(library).order(ByteOrder.LITTLE_ENDIAN);
    List<List<Code>> files = new ArrayList<>();
    for (int at = 0; at + 16 <= library.length; at += 8) {
      if (bytes.getInt(at) == MAGIC) {
        int first = at + bytes.getShort(at + 6);
        int end = first + Math.toIntExact(bytes.getLong(at + 8));
        List<Code> file = new ArrayList<>();
        for (int entry = first; entry < end; ) {
          file.add(
              new Code(library, bytes.getShort(entry) == PTX, bytes.getInt(entry + 28), entry));
          entry += bytes.getInt(entry + 4) + Math.toIntExact(bytes.getLong(entry + 8));
        }
        files.add(file);
        at = end - 8;
      }
    }
    return files;
  }

  private static int offset(ByteBuffer elf, int section) {
    return Math.toIntExact(elf.getLong(section + 0x18));
  }

  private static String text(ByteBuffer elf, int at) {
    int end = at;
    while (elf.get(end) != 0) {
      end++;
    }
    return new String(elf.array(), at, end - at, StandardCharsets.US_ASCII);
  }
}
