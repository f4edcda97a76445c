package dev.emergence.report.chart;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Writes the resolution into a PNG: its chunk {@code pHYs} (PNG specification, 11.3.4.3). */
final class PngResolution {
  /** Signature, and the first chunk, which is always IHDR with 13 bytes of data. */
  private static final int HEAD = 8 + 12 + 13;

  private PngResolution() {}

  /** The same image with its number of pixels in a metre. */
  static byte[] set(byte[] png, double pixelsInMetre) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + 9);
    chunk.putInt(9).put("pHYs".getBytes(StandardCharsets.US_ASCII));
    int pixels = (int) Math.round(pixelsInMetre);
    chunk.putInt(pixels).putInt(pixels).put((byte) 1);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + 9);
    chunk.putInt((int) crc.getValue());
    ByteBuffer out = ByteBuffer.allocate(png.length + chunk.capacity());
    return out.put(png, 0, HEAD).put(chunk.array()).put(png, HEAD, png.length - HEAD).array();
  }
}
