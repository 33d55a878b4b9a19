package dev.pactwatch.hostile.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads bytes as a row of choices, so that what flips a bit of them makes another choice. */
final class Choices {

  private final byte[] bytes;
  private int at;

  Choices(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean left() {
    return at < bytes.length;
  }

  /** From 0 to below the bound; 0 when all bytes are used up. */
  int below(int bound) {
    if (!left()) {
      return 0;
    }
    int value = bytes[at++] & 0xff;
    if (bound > 256 && left()) {
      value = value << 8 | bytes[at++] & 0xff;
    }
    return value % bound;
  }

  boolean yes(int ofHundred) {
    return below(100) < ofHundred;
  }

  <T> T of(List<T> list) {
    return list.get(below(list.size()));
  }

  /** Some of the bytes as text, up to so many. */
  String text(int most) {
    int length = Math.min(below(most + 1), bytes.length - at);
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  /** What is left. */
  String rest() {
    String text = new String(bytes, at, bytes.length - at, StandardCharsets.UTF_8);
    at = bytes.length;
    return text;
  }

  byte[] restBytes() {
    byte[] rest = java.util.Arrays.copyOfRange(bytes, at, bytes.length);
    at = bytes.length;
    return rest;
  }
}
