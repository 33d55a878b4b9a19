package dev.pactwatch.replay;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file of lines with its SHA-256, which is there as a whole or not at all: it gets its name when
 * it is finished.
 */
final class LinesWriter implements Closeable {

  private final Path file;
  private final Path draft;
  private final MessageDigest digest = sha256();
  private final OutputStream out;
  private long lines;

  LinesWriter(Path file) throws IOException {
    this.file = file;
    this.draft = file.resolveSibling(file.getFileName() + ".new");
    Files.createDirectories(file.toAbsolutePath().getParent());
    this.out =
        new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(draft)), digest);
  }

  void line(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
    lines++;
  }

  long lines() {
    return lines;
  }

  /** Gives the file its name and tells the SHA-256 of its bytes, lower-case hex. */
  String finish() throws IOException {
    out.close();
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(draft);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
