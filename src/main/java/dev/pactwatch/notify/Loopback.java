package dev.pactwatch.notify;

import java.util.regex.Pattern;

/** Addresses of this machine, as they are written in a URL. */
final class Loopback {

  private static final Pattern LITERAL =
      Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]");

  private Loopback() {}

  /** Only full literals: a name could come to mean another address later. */
  static boolean isLiteral(String host) {
    return LITERAL.matcher(host).matches();
  }
}
