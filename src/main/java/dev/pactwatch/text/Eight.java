package dev.pactwatch.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight characters at once, packed into a number, the first in the lowest bits. What holds of each
 * of them is told by the highest bit of its byte.
 */
final class Eight {

  static final int LENGTH = 8;

  private static final VarHandle VIEW =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long HIGH = 0x8080808080808080L;
  private static final long ONES = HIGH >>> 7;

  /** The bit that makes a letter small; digits have it too. */
  static final long SMALL = 0x2020202020202020L;

  /** Brings the highest bits of eight bytes together in the highest byte. */
  private static final long GATHER = 0x0102040810204080L;

  private Eight() {}

  static long at(byte[] text, int from) {
    return (long) VIEW.get(text, from);
  }

  /** With small letters; of use for letters and digits only. */
  static long small(long eight) {
    return eight | SMALL;
  }

  /** The bits of the first characters. */
  static long first(int count) {
    return count >= LENGTH ? -1L : (1L << 8 * count) - 1;
  }

  static long letters(long eight) {
    return within((eight & ~HIGH) | SMALL, 'a', 'z') & ~eight;
  }

  static long digits(long eight) {
    return within(eight & ~HIGH, '0', '9') & ~eight;
  }

  /**
   * Capitals.
   *
   * @param letters of the same characters
   */
  static long capitals(long eight, long letters) {
    return letters & ~(eight << 2);
  }

  /** Space and what stands before it in ASCII. */
  static long spaces(long eight) {
    return ~((eight & ~HIGH) + ONES * (0x7F - ' ')) & ~eight & HIGH;
  }

  /** The highest bit of each byte, in eight bits from the lowest. */
  static long bits(long highest) {
    return ((highest >>> 7) & ONES) * GATHER >>> 56;
  }

  /** The bytes that lie between two characters; for bytes below 0x80. */
  private static long within(long eight, char first, char last) {
    return (eight + ONES * (0x80 - first)) & ~(eight + ONES * (0x7F - last)) & HIGH;
  }
}
