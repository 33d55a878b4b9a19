package dev.pactwatch.article;

import com.google.common.net.InetAddresses;
import com.google.common.net.InternetDomainName;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The part of a host name that someone registers, by the public suffix list that Guava carries. */
public final class RegistrableDomain {

  /** Hosts come again and again: what the list says of them is looked up once. */
  private static final Map<String, String> KNOWN = new ConcurrentHashMap<>();

  private static final int MOST_KNOWN = 10_000;

  private RegistrableDomain() {}

  /**
   * @param host such as {@code news.example.co.uk}
   * @return such as {@code example.co.uk}, lower case; the host itself where it is an address, a
   *     public suffix or no domain at all
   */
  public static String of(String host) {
    String known = KNOWN.get(host);
    if (known != null) {
      return known;
    }
    String domain = lookUp(host.toLowerCase(Locale.ROOT));
    if (KNOWN.size() >= MOST_KNOWN) {
      KNOWN.clear();
    }
    KNOWN.put(host, domain);
    return domain;
  }

  private static String lookUp(String lower) {
    if (InetAddresses.isInetAddress(lower) || !InternetDomainName.isValid(lower)) {
      return lower;
    }
    InternetDomainName name = InternetDomainName.from(lower);
    if (name.isUnderPublicSuffix()) {
      return name.topPrivateDomain().toString();
    }
    // The list's own rule for what it does not name: the last part is the suffix.
    int parts = name.parts().size();
    return name.hasPublicSuffix() || parts < 2
        ? lower
        : String.join(".", name.parts().subList(parts - 2, parts));
  }
}
