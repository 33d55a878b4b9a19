package dev.pactwatch.replay;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Sorts lines by a key in bounded memory: what does not fit lies in sorted files, which are merged
 * while the result is read. Lines of one key come in their own order.
 */
final class ExternalSort implements Closeable {

  /** Some tens of megabytes of heap, and a hundred files for a million long articles. */
  private static final long MAX_CHARS = 8L << 20;

  private static final char END_OF_KEY = '\t';

  private final Path folder;
  private final long maxChars;
  private final List<Path> spilled = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private long chars;

  /** Receives what was sorted. */
  interface Receiver {
    void line(String value) throws IOException;
  }

  /** A sorted part, at its next line. */
  private static final class Part implements Closeable {
    private final BufferedReader reader;
    private String line;

    Part(Path file) throws IOException {
      reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
      line = reader.readLine();
    }

    String line() {
      return line;
    }

    boolean next() throws IOException {
      line = reader.readLine();
      return line != null;
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  /**
   * @param folder for what does not fit into memory; made when it is needed
   */
  ExternalSort(Path folder) {
    this(folder, MAX_CHARS);
  }

  /**
   * @param maxChars that are held in memory
   */
  ExternalSort(Path folder, long maxChars) {
    this.folder = folder;
    this.maxChars = maxChars;
  }

  /**
   * @param key sorted by as text; what separates lines in it counts as a space
   * @param value one line
   */
  void add(String key, String value) throws IOException {
    String line = key.replaceAll("[\\t\\r\\n]", " ") + END_OF_KEY + value;
    lines.add(line);
    chars += line.length();
    if (chars >= maxChars) {
      spill();
    }
  }

  /** Hands out all values in the order of their keys. To be called once. */
  void forEach(Receiver receiver) throws IOException {
    if (spilled.isEmpty()) {
      lines.sort(null);
      for (String line : lines) {
        receiver.line(value(line));
      }
      return;
    }
    spill();
    PriorityQueue<Part> parts = new PriorityQueue<>(Comparator.comparing(Part::line));
    List<Part> opened = new ArrayList<>();
    try {
      for (Path file : spilled) {
        Part part = new Part(file);
        opened.add(part);
        parts.add(part);
      }
      while (!parts.isEmpty()) {
        Part first = parts.remove();
        receiver.line(value(first.line()));
        if (first.next()) {
          parts.add(first);
        }
      }
    } finally {
      for (Part part : opened) {
        part.close();
      }
    }
  }

  private static String value(String line) {
    return line.substring(line.indexOf(END_OF_KEY) + 1);
  }

  private void spill() throws IOException {
    if (lines.isEmpty()) {
      return;
    }
    lines.sort(null);
    Files.createDirectories(folder);
    Path file = Files.createTempFile(folder, "sort-", ".lines");
    spilled.add(file);
    try (BufferedWriter out = writer(file)) {
      for (String line : lines) {
        out.write(line);
        out.write('\n');
      }
    }
    lines.clear();
    chars = 0;
  }

  /** What cannot be written as UTF-8, half of a character, becomes a question mark. */
  static BufferedWriter writer(Path file) throws IOException {
    return new BufferedWriter(
        new OutputStreamWriter(Files.newOutputStream(file), StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    try {
      for (Path file : spilled) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
