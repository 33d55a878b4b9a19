package dev.pactwatch.proof;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.topology.ProductRules;
import dev.pactwatch.topology.Rules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The product's own configuration with invented companies, agreements between them, and publishers
 * that are on this machine.
 *
 * @param config folder with all of it
 * @param hosts file by which the publishers' names lead to 127.0.0.1
 * @param sites names of the publishers' hosts
 */
record World(Path config, Path hosts, List<String> sites) {

  /** Each is bound to the cloud of the same number. */
  static final List<String> LABS =
      List.of("Quillmark", "Tessalon", "Brightmere", "Vintarra", "Keldorin", "Ombrelane");

  static final List<String> CLOUDS =
      List.of(
          "Nimbrixa",
          "Stratovane",
          "Galehaven",
          "Plumecore",
          "Cirrusol",
          "Altovane",
          "Zephyrnet",
          "Skyloftia");

  /** Names the secret of every webhook. */
  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  /**
   * @param folder yet to be made
   * @param sink address to which alerts are sent, without the subscription's name
   */
  static World make(
      Path folder, int publishers, int port, String sink, Collection<String> subscriptions)
      throws IOException {
    copy(Path.of("config"), folder);
    delete(folder.resolve("agreements"));
    Files.createDirectories(folder.resolve("agreements"));
    Files.writeString(folder.resolve("agreements").resolve("invented.yaml"), agreements());
    Files.writeString(
        folder.resolve("lexicon").resolve("organisations").resolve("invented.yaml"),
        organisations());
    List<String> sites = new ArrayList<>();
    StringBuilder feeds = new StringBuilder();
    StringBuilder hosts = new StringBuilder("127.0.0.1 localhost " + ownName() + "\n");
    for (int i = 0; i < publishers; i++) {
      String site = "www.outlet-" + i + ".example";
      sites.add(site);
      hosts.append("127.0.0.1 ").append(site).append('\n');
      feeds
          .append("    <outline type=\"rss\" text=\"Outlet ")
          .append(i)
          .append("\" xmlUrl=\"")
          .append(feed(site, port))
          .append("\"/>\n");
    }
    Files.writeString(
        folder.resolve("feeds.opml"),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + "<opml version=\"2.0\"><head><title>Proof</title></head><body>\n"
            + feeds
            + "</body></opml>\n");
    StringBuilder wanted = new StringBuilder("subscriptions:\n");
    for (String subscription : subscriptions) {
      wanted
          .append("  - id: ")
          .append(subscription)
          .append("\n    channel: webhook\n    url: ")
          .append(sink)
          .append(subscription)
          .append("\n    secrets: [{file: secret}]\n    severity: low\n    start: beginning\n")
          .append("    retries: [1s, 1s, 2s, 2s, 5s, 5s, 5s, 5s]\n");
    }
    Files.writeString(folder.resolve("subscriptions.yaml"), wanted);
    Path secret = folder.resolve("secret");
    Files.writeString(secret, SECRET);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Path names = folder.resolveSibling("hosts");
    Files.writeString(names, hosts);
    return new World(folder, names, List.copyOf(sites));
  }

  /** Address of a publisher's feed. */
  static String feed(String site, int port) {
    return "http://" + site + ":" + port + "/feed.xml";
  }

  Rules rules() {
    return ProductRules.load(config.resolve("lexicon"), config.resolve("topics.yaml"), false);
  }

  Collection<Agreement> agreed() {
    return AgreementFiles.load(config.resolve("agreements")).all();
  }

  private static String ownName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "this-machine";
    }
  }

  private static String organisations() {
    StringBuilder text = new StringBuilder("organisations:\n");
    for (String lab : LABS) {
      text.append(organisation(lab, "ai"));
    }
    for (String cloud : CLOUDS) {
      text.append(organisation(cloud, "cloud"));
    }
    return text.toString();
  }

  private static String organisation(String name, String sector) {
    return "  - {id: "
        + id(name)
        + ", name: "
        + name
        + ", kind: company, country: US, sectors: ["
        + sector
        + "]}\n";
  }

  private static String id(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String agreements() {
    StringBuilder text = new StringBuilder("agreements:\n");
    for (int i = 0; i < LABS.size(); i++) {
      String lab = LABS.get(i);
      String cloud = CLOUDS.get(i);
      text.append(
          """
            - id: %1$s-%2$s-1
              title: %4$s is the only cloud of %3$s
              chain: {id: %1$s-%2$s, rev: '1'}
              parties:
                - {entity: %1$s, name: %3$s, role: grantor}
                - {entity: %2$s, name: %4$s, role: beneficiary}
              terms:
                - {kind: exclusive, topic: compute, grantor: %1$s, beneficiary: %2$s}
              effective_from: '2024-01-01'
              status: in-force
              checked_to: '2026-01-01'
              confidence: high
              sources:
                - {title: A page, publisher: %4$s, date: '2024-01-01', url: 'https://%2$s.example/%1$s'}
          """
              .formatted(id(lab), id(cloud), lab, cloud));
    }
    return text.toString();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
