package dev.pactwatch.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Addresses from feeds and registries, as far as they may become links. */
final class SafeLink {

  private SafeLink() {}

  /** The address when it is absolute and http or https; otherwise null: to be shown as text. */
  static String of(String address) {
    if (address == null) {
      return null;
    }
    try {
      URI uri = new URI(address.strip());
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      boolean web = scheme.equals("http") || scheme.equals("https");
      return web && uri.getHost() != null && uri.getRawUserInfo() == null
          ? uri.toASCIIString()
          : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
