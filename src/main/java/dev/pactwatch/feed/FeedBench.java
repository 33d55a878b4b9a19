package dev.pactwatch.feed;

import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.config.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * How fast feeds are read, from bytes to articles, beside a bare StAX pass over the same bytes in
 * the same run. The pass makes a string of every text and every attribute and does nothing with
 * them: no encoding ladder, no dates, no mark-up, no identity. Rates are per second of processor
 * time of the one thread that works.
 */
public final class FeedBench {

  private static final long ROUND = 250_000_000L;
  private static final int ROUNDS = 7;

  /** Warm-up ends after so many rounds of which none was faster than the best before. */
  private static final int WARM_UP = 4;

  private static final int LONGEST_WARM_UP = 30;
  private static final double FASTER = 1.02;
  private static final Instant OBSERVED = Instant.parse("2026-05-04T10:00:00Z");

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private FeedBench() {}

  /** Work on one document; the answers are summed up so that nothing is optimised away. */
  private interface Work {
    int on(byte[] document);
  }

  /**
   * What was measured on documents of one kind.
   *
   * @param stax documents per second that a bare pass reads
   * @param read documents per second that become articles
   * @param allocated bytes for one document
   */
  public record Rate(String kind, double stax, double read, double allocated) {

    public double share() {
      return read / stax;
    }
  }

  /**
   * Prints a table as it comes.
   *
   * @param files folder of feeds to measure too; may be null
   * @throws ConfigException when the folder cannot be read
   */
  public static List<Rate> run(PrintStream out, Path files) {
    List<BenchFeeds.Kind> kinds = new ArrayList<>(BenchFeeds.made(11));
    if (files != null) {
      kinds.add(wellFormed(read(files), out));
    }
    out.println(
        "feeds, from bytes to articles, one thread, per second of processor time; the yardstick is"
            + " a bare pass of "
            + factory().getClass().getName());
    out.printf(
        "  %-20s %8s %10s %10s %8s %8s %12s%n",
        "", "kB each", "StAX/s", "read/s", "share", "MB/s", "kB allocated");
    List<Rate> rates = new ArrayList<>();
    for (BenchFeeds.Kind kind : kinds) {
      Rate rate = rate(kind);
      rates.add(rate);
      double size = (double) kind.bytes() / kind.documents().size();
      out.printf(
          Locale.ROOT,
          "  %-20s %8.1f %10.0f %10.0f %7.1f%% %8.1f %12.0f%n",
          kind.name(),
          size / 1e3,
          rate.stax,
          rate.read,
          100 * rate.share(),
          rate.read * size / 1e6,
          rate.allocated / 1e3);
    }
    return rates;
  }

  private static BenchFeeds.Kind read(Path files) {
    try {
      BenchFeeds.Kind kind = BenchFeeds.read(files);
      if (kind.documents().isEmpty()) {
        throw new ConfigException(files + ": no files");
      }
      return kind;
    } catch (IOException e) {
      throw new ConfigException(files + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** A parser that stops at the first fault would win by stopping: both read the same documents. */
  private static BenchFeeds.Kind wellFormed(BenchFeeds.Kind files, PrintStream out) {
    List<byte[]> whole = new ArrayList<>();
    for (byte[] document : files.documents()) {
      try {
        pass(document);
        whole.add(document);
      } catch (XMLStreamException e) {
        // Told in the count below.
      }
    }
    if (whole.isEmpty()) {
      throw new ConfigException("none of the files is a well-formed XML document");
    }
    out.println(
        whole.size() + " of " + files.documents().size() + " files are well-formed and measured");
    return new BenchFeeds.Kind(files.name(), whole, 0);
  }

  private static Rate rate(BenchFeeds.Kind kind) {
    FeedParser parser = new FeedParser();
    ArticleMaker maker = new ArticleMaker(PublisherFamilies.none());
    Work stax =
        document -> {
          try {
            return pass(document);
          } catch (XMLStreamException e) {
            throw new IllegalStateException("was well-formed before", e);
          }
        };
    Work read =
        document ->
            parser.parse(document, null, "https://news.example/feed")
                    instanceof FeedResult.Parsed parsed
                ? maker
                    .make(parsed.feed(), "https://news.example/feed", OBSERVED, false)
                    .articles()
                    .size()
                : 0;
    warm(kind.documents(), stax);
    warm(kind.documents(), read);
    double[] passed = new double[ROUNDS];
    double[] made = new double[ROUNDS];
    // In turn, so that a neighbour's load falls on both.
    for (int round = 0; round < ROUNDS; round++) {
      passed[round] = round(kind.documents(), stax, ROUND);
      made[round] = round(kind.documents(), read, ROUND);
    }
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    round(kind.documents(), read, 0);
    bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    return new Rate(
        kind.name(), median(passed), median(made), (double) bytes / kind.documents().size());
  }

  private static void warm(List<byte[]> documents, Work work) {
    double best = 0;
    int since = 0;
    for (int round = 0; round < LONGEST_WARM_UP && since < WARM_UP; round++) {
      double rate = round(documents, work, ROUND);
      since = rate > best * FASTER ? 0 : since + 1;
      best = Math.max(best, rate);
    }
  }

  private static double median(double[] rates) {
    Arrays.sort(rates);
    return rates[rates.length / 2];
  }

  /** Documents per second of processor time. */
  private static double round(List<byte[]> documents, Work work, long nanoseconds) {
    long checksum = 0;
    long count = 0;
    long start = THREADS.getCurrentThreadCpuTime();
    do {
      for (byte[] document : documents) {
        checksum += work.on(document);
      }
      count += documents.size();
    } while (THREADS.getCurrentThreadCpuTime() - start < nanoseconds);
    if (checksum == Long.MIN_VALUE) {
      throw new IllegalStateException("the work must not be optimised away");
    }
    return count * 1e9 / Math.max(1, THREADS.getCurrentThreadCpuTime() - start);
  }

  private static int pass(byte[] document) throws XMLStreamException {
    XMLStreamReader reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(document));
    try {
      int characters = 0;
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            characters += reader.getLocalName().length();
            for (int i = 0; i < reader.getAttributeCount(); i++) {
              characters += reader.getAttributeValue(i).length();
            }
          }
          case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
              characters += reader.getText().length();
          default -> {
            // Nothing else carries text.
          }
        }
      }
      return characters;
    } finally {
      reader.close();
    }
  }

  private static final XMLInputFactory FACTORY = factory();

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }
}
