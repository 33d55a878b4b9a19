package dev.pactwatch.http;

import dev.pactwatch.config.ConfigException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which addresses may be dialled: those that IANA's special-purpose registries call globally
 * reachable, and those a user allowed by name or block. Decides on the bytes; the predicates of
 * {@link InetAddress} let 16 of 34 known spellings of inner addresses through.
 */
public final class AddressGuard {

  /** IPv4 blocks that are not globally reachable (RFC 6890 and its registry, as of 2025). */
  private static final List<Block> REFUSED_V4 =
      List.of(
          Block.of("0.0.0.0/8", "this network"),
          Block.of("10.0.0.0/8", "private"),
          Block.of("100.64.0.0/10", "shared by carriers"),
          Block.of("127.0.0.0/8", "loopback"),
          Block.of("169.254.0.0/16", "link-local"),
          Block.of("172.16.0.0/12", "private"),
          Block.of("192.0.0.0/24", "protocol assignments"),
          Block.of("192.0.2.0/24", "documentation"),
          Block.of("192.88.99.0/24", "6to4 relay"),
          Block.of("192.168.0.0/16", "private"),
          Block.of("198.18.0.0/15", "benchmarking"),
          Block.of("198.51.100.0/24", "documentation"),
          Block.of("203.0.113.0/24", "documentation"),
          Block.of("224.0.0.0/4", "multicast"),
          Block.of("240.0.0.0/4", "reserved"));

  /** The only IPv6 space that is handed out for global unicast; everything else is refused. */
  private static final Block GLOBAL_V6 = Block.of("2000::/3", "global unicast");

  private static final List<Block> REFUSED_V6 =
      List.of(
          Block.of("2001::/23", "protocol assignments with Teredo"),
          Block.of("2001:db8::/32", "documentation"),
          Block.of("2002::/16", "6to4"),
          Block.of("3fff::/20", "documentation"));

  /** NAT64: the last four bytes are the IPv4 address that is reached in the end. */
  private static final Block NAT64 = Block.of("64:ff9b::/96", "NAT64");

  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*");

  private final Set<String> allowedNames;
  private final List<Block> allowedBlocks;

  private AddressGuard(Set<String> allowedNames, List<Block> allowedBlocks) {
    this.allowedNames = Set.copyOf(allowedNames);
    this.allowedBlocks = List.copyOf(allowedBlocks);
  }

  /** Global addresses only. */
  public static AddressGuard strict() {
    return new AddressGuard(Set.of(), List.of());
  }

  /**
   * @param allowPrivate addresses ({@code 127.0.0.1}), blocks ({@code 10.1.0.0/16}, {@code
   *     fd00:1::/64}) and host names ({@code feeds.intranet}) that may be dialled although they are
   *     not globally reachable
   * @throws ConfigException when an entry is none of these
   */
  public static AddressGuard allowing(List<String> allowPrivate) {
    Set<String> names = new HashSet<>();
    List<Block> blocks = new ArrayList<>();
    for (String entry : allowPrivate) {
      String wanted = entry.strip().toLowerCase(Locale.ROOT);
      if (wanted.contains("/")
          || wanted.contains(":")
          || Ipv4.looksNumeric(wanted.substring(wanted.lastIndexOf('.') + 1))) {
        try {
          blocks.add(Block.of(wanted, "allowed"));
        } catch (IllegalArgumentException e) {
          throw new ConfigException(
              "pactwatch.http.allow-private: '"
                  + entry
                  + "' is no address, no block such as 10.1.0.0/16 and no host name",
              e);
        }
      } else if (NAME.matcher(wanted).matches()) {
        names.add(wanted);
      } else {
        throw new ConfigException(
            "pactwatch.http.allow-private: '"
                + entry
                + "' is no address, no block such as 10.1.0.0/16 and no host name");
      }
    }
    return new AddressGuard(names, blocks);
  }

  /**
   * Why this address must not be dialled for this host; empty when it may.
   *
   * @param host the name or literal as it stands in the URL
   */
  public Optional<String> refusal(String host, InetAddress address) {
    return allowsByName(host) ? Optional.empty() : refusal(address);
  }

  /** Why this address must not be dialled; empty when it may. */
  public Optional<String> refusal(InetAddress address) {
    byte[] bytes = address.getAddress();
    for (Block block : allowedBlocks) {
      if (block.contains(bytes)) {
        return Optional.empty();
      }
    }
    return special(bytes).map(kind -> address.getHostAddress() + " is not public: " + kind);
  }

  /** True when the user allowed this name or literal itself. Such a host may use any port. */
  boolean allowsByName(String host) {
    String wanted = host.toLowerCase(Locale.ROOT);
    if (allowedNames.contains(wanted)) {
      return true;
    }
    return literal(wanted)
        .filter(bytes -> allowedBlocks.stream().anyMatch(block -> block.contains(bytes)))
        .isPresent();
  }

  /** The bytes of an address literal, or empty for a name. Never asks a resolver. */
  static Optional<byte[]> literal(String host) {
    try {
      if (host.contains(":")) {
        return Optional.of(Block.numeric(host));
      }
      return Ipv4.parse(host);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> special(byte[] bytes) {
    if (bytes.length == 4) {
      return first(REFUSED_V4, bytes);
    }
    if (NAT64.contains(bytes)) {
      return special(Arrays.copyOfRange(bytes, 12, 16)).map(kind -> "NAT64 of " + kind);
    }
    if (!GLOBAL_V6.contains(bytes)) {
      return Optional.of("outside 2000::/3");
    }
    return first(REFUSED_V6, bytes);
  }

  private static Optional<String> first(List<Block> blocks, byte[] bytes) {
    return blocks.stream().filter(block -> block.contains(bytes)).map(Block::what).findFirst();
  }

  /** A block of addresses of one family. */
  private record Block(byte[] prefix, int bits, String what) {

    static Block of(String cidr, String what) {
      int slash = cidr.indexOf('/');
      byte[] prefix = numeric(slash < 0 ? cidr : cidr.substring(0, slash));
      int full = prefix.length * 8;
      int bits = slash < 0 ? full : Integer.parseInt(cidr.substring(slash + 1));
      if (bits < 0 || bits > full) {
        throw new IllegalArgumentException("no prefix length: " + bits);
      }
      return new Block(prefix, bits, what);
    }

    static byte[] numeric(String text) {
      if (!text.contains(":")) {
        return Ipv4.parse(text)
            .orElseThrow(() -> new IllegalArgumentException("no IPv4 address: " + text));
      }
      // Characters of a numeric literal only: otherwise getByName would ask a name server.
      if (!text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.')) {
        throw new IllegalArgumentException("no IPv6 address: " + text);
      }
      try {
        return InetAddress.getByName(text).getAddress();
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException("no IPv6 address: " + text, e);
      }
    }

    boolean contains(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      int whole = bits / 8;
      if (!Arrays.equals(address, 0, whole, prefix, 0, whole)) {
        return false;
      }
      int rest = bits % 8;
      return rest == 0
          || (address[whole] & 0xff) >> (8 - rest) == (prefix[whole] & 0xff) >> (8 - rest);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Block block
          && bits == block.bits
          && Arrays.equals(prefix, block.prefix)
          && what.equals(block.what);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(prefix) * 31 + bits;
    }

    @Override
    public String toString() {
      return what + "/" + bits;
    }
  }
}
