package dev.pactwatch.text;

import java.util.Arrays;

/**
 * Where runs of letters and digits, and signs, stand in a text. Eight characters are looked at in
 * one step and no branch depends on what they are: a processor that has to guess where words end is
 * wrong about every second word.
 */
final class Runs {

  /** Characters looked at together. */
  private static final int BLOCK = 64;

  /** Zeros that must follow a text. */
  static final int AFTER = 2 * BLOCK;

  /** Where each run starts; a sign is a run by itself. */
  int[] from = new int[64];

  /** Before which character each run ends. */
  int[] to = new int[65];

  int count;

  /** Numbers of the runs that a sign may join to what follows, in order. */
  int[] joined = new int[16];

  int joins;

  /** One bit for each character of the text: is it a capital or a digit? */
  private byte[] shaped = new byte[16];

  /**
   * Reads a text.
   *
   * @param text as {@link Fold#ascii} gives it, with {@link #AFTER} zeros behind it
   */
  void read(byte[] text, int length) {
    room(length);
    byte[] shapes = shaped;
    int[] first = from;
    int[] last = to;
    int starts = 0;
    int ends = 0;
    joins = 0;
    long wordBefore = 0;
    long signBefore = 0;
    // one block more, since a run that ends with the text may end with a block
    for (int at = 0; at <= length; at += BLOCK) {
      long words = 0;
      long spaces = 0;
      for (int i = 0; i < BLOCK; i += Eight.LENGTH) {
        long eight = Eight.at(text, at + i);
        long letters = Eight.letters(eight);
        long digits = Eight.digits(eight);
        words |= Eight.bits(letters | digits) << i;
        spaces |= Eight.bits(Eight.spaces(eight)) << i;
        shapes[(at + i) >>> 3] = (byte) Eight.bits(Eight.capitals(eight, letters) | digits);
      }
      long signs = ~(words | spaces);
      long shifted = words << 1 | wordBefore;
      long begins = (words & ~shifted) | signs;
      for (long rest = signs & shifted; rest != 0; rest &= rest - 1) {
        int sign = Long.numberOfTrailingZeros(rest);
        if (joins(text[at + sign], text[at + sign + 1])) {
          join(starts + Long.bitCount(begins & ((1L << sign) - 1)) - 1);
        }
      }
      starts = positions(begins, at, first, starts);
      ends = positions((~words & shifted) | signs << 1 | signBefore, at, last, ends);
      wordBefore = words >>> (BLOCK - 1);
      signBefore = signs >>> (BLOCK - 1);
    }
    count = starts;
  }

  /**
   * True where what stands behind a word may join it to what follows: {@code U.S}, {@code café}.
   */
  private static boolean joins(int sign, int next) {
    return sign < 0
        || ((sign == '.' || sign == '&' || sign == '\'')
            && (next < 0 || ((next | 0x20) >= 'a' && (next | 0x20) <= 'z')));
  }

  private void join(int run) {
    if (joins == joined.length) {
      joined = Arrays.copyOf(joined, joins * 2);
    }
    joined[joins++] = run;
  }

  /** Appends where the bits of a block stand. */
  private static int positions(long bits, int at, int[] into, int size) {
    int end = size + Long.bitCount(bits);
    long rest = bits;
    for (int i = size; i < end; i++) {
      into[i] = at + Long.numberOfTrailingZeros(rest);
      rest &= rest - 1;
    }
    return end;
  }

  /** Which of some characters are capitals or digits, as bits from the lowest; 57 at the least. */
  long shaped(int at) {
    return Eight.at(shaped, at >>> 3) >>> (at & 7);
  }

  private void room(int length) {
    if (from.length <= length) {
      from = new int[Math.max(length + 1, from.length * 2)];
      to = new int[from.length + 1];
    }
    int bytes = (length + AFTER) / Eight.LENGTH + Eight.LENGTH;
    if (shaped.length < bytes) {
      shaped = new byte[Math.max(bytes, shaped.length * 2)];
    }
  }
}
