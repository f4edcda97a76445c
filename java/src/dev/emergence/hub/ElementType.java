package dev.emergence.hub;

import java.nio.ByteBuffer;
import java.util.Locale;

/** Element types of safetensors files. */
enum ElementType {
  F64(8),
  F32(4),
  F16(2),
  BF16(2),
  I64(8),
  I32(4),
  I16(2),
  I8(1),
  U8(1),
  BOOL(1);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  int bytes() {
    return bytes;
  }

  /** Whether weights of this type are read. */
  boolean isFloat() {
    return this == F32 || this == F16 || this == BF16;
  }

  static ElementType of(Object word) throws BadFile {
    for (ElementType type : values()) {
      if (type.name().equals(word)) {
        return type;
      }
    }
    throw new BadFile("type " + word);
  }

  /** The next number of a little-endian buffer; exact, since every one of them is a float. */
  float next(ByteBuffer from) {
    return switch (this) {
      case F32 -> from.getFloat();
      case F16 -> half(from.getShort());
      case BF16 -> Float.intBitsToFloat(from.getShort() << 16);
      default -> throw new IllegalStateException(name().toLowerCase(Locale.ROOT) + " is no float");
    };
  }

  /** The float with the same value as an IEEE 754 binary16 number. */
  static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    if (exponent == 0) {
      float size = fraction * 0x1p-24f;
      return sign == 0 ? size : -size;
    }
    int wide = exponent == 0x1F ? 0xFF : exponent + 127 - 15;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }
}
