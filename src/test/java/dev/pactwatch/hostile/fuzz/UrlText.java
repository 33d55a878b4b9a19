package dev.pactwatch.hostile.fuzz;

import java.util.List;

/** Addresses, mostly of the usual parts, of hosts in every spelling. */
final class UrlText {

  private static final List<String> SCHEMES =
      List.of(
          "http://",
          "https://",
          "http://",
          "https://",
          "http://",
          "HTTP://",
          "https:",
          "//",
          "file://",
          "http:////");

  private static final List<String> HOSTS =
      List.of(
          "example.org",
          "a.b-c.example",
          "127.0.0.1",
          "10.0.0.1",
          "8.8.8.8",
          "0177.0.0.1",
          "2130706433",
          "127.1",
          "0x7f000001",
          "100.64.0.1",
          "169.254.169.254",
          "192.0.0.192",
          "198.18.0.1",
          "240.0.0.1",
          "255.255.255.255",
          "0.0.0.0",
          "[::1]",
          "[::]",
          "[2606:4700::1111]",
          "[::ffff:127.0.0.1]",
          "[::ffff:7f00:1]",
          "[64:ff9b::a9fe:a9fe]",
          "[64:ff9b:1::a9fe:a9fe]",
          "[2002:7f00:1::]",
          "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
          "[fc00::1]",
          "[fe80::1]",
          "[fec0::1]",
          "[ff02::1]",
          "[::127.0.0.1]",
          "[2001:db8::1]",
          "localhost",
          "xn--nxasmq6b.example",
          "[fe80::1%25lo]",
          "1.1.1.1",
          "172.15.255.255",
          "172.32.0.1");

  private static final List<String> MIDDLE =
      List.of("", "", "", ":80", ":443", ":8080", ":", ":080", ".", "@", "user@", "%2e", "\\", "#");

  private static final List<String> REST =
      List.of(
          "", "/", "/feed", "/a?b=c", "?x", "#y", "/%zz", "/ä", "/\u0000", "/a b", "//", "/[",
          "/;x");

  private UrlText() {}

  static String of(Choices choices) {
    if (choices.yes(10)) {
      return choices.rest();
    }
    String host = choices.yes(85) ? choices.of(HOSTS) : numbers(choices);
    String middle = choices.yes(55) ? "" : choices.of(MIDDLE);
    String url =
        choices.of(SCHEMES)
            + (middle.endsWith("@") ? middle + host : host + middle)
            + choices.of(REST);
    if (choices.yes(15) && !url.isEmpty()) {
      int at = choices.below(url.length());
      url = url.substring(0, at) + choices.text(4) + url.substring(at + 1);
    }
    return url;
  }

  private static String numbers(Choices choices) {
    if (choices.yes(50)) {
      return choices.below(256)
          + "."
          + choices.below(256)
          + "."
          + choices.below(256)
          + "."
          + choices.below(256);
    }
    StringBuilder groups = new StringBuilder("[");
    for (int i = 0; i < 8; i++) {
      groups.append(i == 0 ? "" : ":").append(Integer.toHexString(choices.below(65_536)));
    }
    return groups + "]";
  }
}
