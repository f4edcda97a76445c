package dev.emergence.result;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of what is written to it. */
final class Checksum extends OutputStream {
  private final MessageDigest digest;

  Checksum() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public void write(int b) {
    digest.update((byte) b);
  }

  @Override
  public void write(byte[] bytes, int from, int count) {
    digest.update(bytes, from, count);
  }

  /** The hash in hex; the stream starts anew. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  static String of(byte[] bytes) {
    Checksum sum = new Checksum();
    sum.write(bytes, 0, bytes.length);
    return sum.hex();
  }

  static String of(Disk.Content content) throws IOException {
    Checksum sum = new Checksum();
    content.to(sum);
    return sum.hex();
  }

  static String of(Path file) throws IOException {
    Checksum sum = new Checksum();
    Files.copy(file, sum);
    return sum.hex();
  }
}
