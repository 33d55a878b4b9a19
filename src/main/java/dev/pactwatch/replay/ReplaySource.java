package dev.pactwatch.replay;

import dev.pactwatch.config.ConfigException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/**
 * Walks files, folders and archives (zip, tar, tar.gz, gz, warc), and hands out every document in
 * them. Documents over a size are handed out as such, unread: an archive cannot fill the memory.
 */
final class ReplaySource {

  /** More than a feed or an item may have. */
  static final int MAX_BYTES = 10 * 1024 * 1024;

  private ReplaySource() {}

  /** Receives documents. */
  interface Visitor {
    /**
     * @param name path, with {@code !/} before a part inside an archive
     */
    void feed(String name, byte[] body);

    /**
     * An answer of a server: a feed or a page.
     *
     * @param name of the archive with {@code !/} and the address, or the address
     * @param address that answered
     * @param contentType may be null
     */
    void capture(String name, String address, String contentType, byte[] body);

    /**
     * @param lines one item a line, as {@code tag} reads them; not closed by the receiver
     */
    void items(String name, InputStream lines) throws IOException;

    /** A document that was not read, and why. */
    void refused(String name, String reason);
  }

  /**
   * @throws ConfigException when a path does not exist
   */
  static void visit(List<Path> paths, Visitor visitor) {
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new ConfigException(path + ": no such file or folder");
      }
      try (Stream<Path> tree = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
        // Sorted, so that the same folder is the same input on every file system.
        for (Path file : tree.filter(Files::isRegularFile).sorted().toList()) {
          file(file, visitor);
        }
      } catch (IOException e) {
        throw new ConfigException(path + ": cannot be read: " + e.getMessage(), e);
      }
    }
  }

  private static void file(Path file, Visitor visitor) {
    String name = file.toString();
    if (file.getFileName().toString().startsWith(".")) {
      visitor.refused(name, "hidden file");
      return;
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      document(name, in, Files.size(file), visitor);
    } catch (IOException e) {
      visitor.refused(name, "cannot be read: " + e.getMessage());
    }
  }

  private static void document(String name, InputStream in, long size, Visitor visitor)
      throws IOException {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".warc") || lower.endsWith(".warc.gz")) {
      WarcSource.read(name, in, visitor);
    } else if (lower.endsWith(".zip")) {
      archive(name, new ZipArchiveInputStream(in), visitor);
    } else if (lower.endsWith(".tar")) {
      archive(name, new TarArchiveInputStream(in), visitor);
    } else if (lower.endsWith(".tar.gz") || lower.endsWith(".tgz")) {
      archive(name, new TarArchiveInputStream(new GZIPInputStream(in)), visitor);
    } else if (lower.endsWith(".gz")) {
      document(name.substring(0, name.length() - 3), new GZIPInputStream(in), -1, visitor);
    } else if (lower.endsWith(".jsonl") || lower.endsWith(".ndjson")) {
      visitor.items(name, in);
    } else if (size > MAX_BYTES) {
      visitor.refused(name, "larger than 10 MiB");
    } else {
      byte[] body = in.readNBytes(MAX_BYTES + 1);
      if (body.length > MAX_BYTES) {
        visitor.refused(name, "larger than 10 MiB");
      } else {
        visitor.feed(name, body);
      }
    }
  }

  private static void archive(
      String name, ArchiveInputStream<? extends ArchiveEntry> archive, Visitor visitor)
      throws IOException {
    ArchiveEntry entry;
    while ((entry = archive.getNextEntry()) != null) {
      String inside = name + "!/" + entry.getName();
      if (entry.isDirectory()) {
        continue;
      }
      if (!archive.canReadEntryData(entry)) {
        visitor.refused(inside, "encrypted or compressed in an unknown way");
        continue;
      }
      document(inside, archive, entry.getSize(), visitor);
    }
  }
}
