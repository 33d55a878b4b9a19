package dev.pactwatch.http;

import java.util.Locale;
import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;

/** The part of a host name that somebody registered, by the public suffix list. */
public final class RegistrableDomain {

  private static final PublicSuffixMatcher LIST = PublicSuffixMatcherLoader.getDefault();

  private RegistrableDomain() {}

  /**
   * {@code example.co.uk} for {@code news.example.co.uk}, lower case. An address, a single label or
   * a public suffix itself is returned as it is.
   */
  public static String of(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.startsWith("[") || AddressGuard.literal(name).isPresent()) {
      return name;
    }
    String root = LIST.getDomainRoot(name);
    return root == null ? name : root;
  }
}
