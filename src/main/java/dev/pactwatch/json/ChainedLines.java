package dev.pactwatch.json;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

/** JSON Lines that are only ever added to. Every line holds a digest of the one before. */
public final class ChainedLines {

  private ChainedLines() {}

  /**
   * Adds lines and waits until the disk has them.
   *
   * @param channel of the file, open for reading and writing, and locked
   * @param lines each given the digest of the line before it, null for the first of the file
   */
  public static void append(FileChannel channel, List<UnaryOperator<String>> lines)
      throws IOException {
    String previous = last(channel);
    StringBuilder text = new StringBuilder();
    for (UnaryOperator<String> one : lines) {
      String line = one.apply(previous);
      previous = digest(line);
      text.append(line).append('\n');
    }
    ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    channel.position(channel.size());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(true);
  }

  /** 16 hexadecimal digits. */
  public static String digest(String line) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Digest of the last line, null when there is none. */
  private static String last(FileChannel channel) throws IOException {
    channel.position(0);
    // Not closed: that would close the channel, and with it give up the lock.
    byte[] all = Channels.newInputStream(channel).readAllBytes();
    List<String> lines = new String(all, StandardCharsets.UTF_8).lines().toList();
    return lines.isEmpty() ? null : digest(lines.get(lines.size() - 1));
  }
}
