package dev.emergence.campaign;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** What may happen to a file between two looks at it. */
enum Damage {
  EMPTIED {
    @Override
    byte[] of(byte[] bytes, Random random) {
      return new byte[0];
    }
  },
  CUT_SHORT {
    @Override
    byte[] of(byte[] bytes, Random random) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
  },
  A_BIT_FLIPPED {
    @Override
    byte[] of(byte[] bytes, Random random) {
      byte[] out = bytes.clone();
      out[random.nextInt(out.length)] ^= (byte) (1 << random.nextInt(8));
      return out;
    }
  },
  A_PIECE_OVERWRITTEN {
    @Override
    byte[] of(byte[] bytes, Random random) {
      byte[] out = bytes.clone();
      byte[] noise = new byte[1 + random.nextInt(Math.min(40, out.length))];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, out, random.nextInt(out.length - noise.length + 1), noise.length);
      return out;
    }
  },
  A_PIECE_REPEATED {
    @Override
    byte[] of(byte[] bytes, Random random) {
      int at = random.nextInt(bytes.length);
      int length = random.nextInt(bytes.length - at + 1);
      byte[] out = new byte[bytes.length + length];
      System.arraycopy(bytes, 0, out, 0, at + length);
      System.arraycopy(bytes, at, out, at + length, bytes.length - at);
      return out;
    }
  },
  FOREIGN_JSON {
    @Override
    byte[] of(byte[] bytes, Random random) {
      String[] texts = {
        "null", "[]", "{}", "{\"layout\":\"1\"}", "{\"checksum\":3}", "[".repeat(4000), "1e999"
      };
      return texts[random.nextInt(texts.length)].getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
  },
  A_HUGE_HEADER_CLAIMED {
    @Override
    byte[] of(byte[] bytes, Random random) {
      byte[] out = Arrays.copyOf(bytes, Math.max(8, bytes.length));
      long claim = random.nextBoolean() ? 1L << 30 : random.nextLong();
      ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).putLong(claim);
      return out;
    }
  },
  RANDOM_BYTES {
    @Override
    byte[] of(byte[] bytes, Random random) {
      byte[] out = new byte[1 + random.nextInt(300)];
      random.nextBytes(out);
      return out;
    }
  },
  GONE {
    @Override
    void to(Path file, Random random) throws IOException {
      Files.delete(file);
    }
  },
  A_FOLDER_INSTEAD {
    @Override
    void to(Path file, Random random) throws IOException {
      Files.delete(file);
      Files.createDirectory(file);
    }
  },
  A_DEAD_LINK_INSTEAD {
    @Override
    void to(Path file, Random random) throws IOException {
      Files.delete(file);
      Files.createSymbolicLink(file, Path.of("nowhere"));
    }
  };

  byte[] of(byte[] bytes, Random random) {
    return bytes;
  }

  /** Damages a file. */
  void to(Path file, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, of(bytes.length == 0 ? new byte[] {' '} : bytes, random));
  }
}
