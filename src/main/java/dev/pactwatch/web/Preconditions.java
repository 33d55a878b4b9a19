package dev.pactwatch.web;

import dev.pactwatch.agreement.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Entity tags as RFC 9110 writes them. Who changes something has to say which state of it was read,
 * or that there is none yet; a web page of elsewhere cannot send such a header.
 */
final class Preconditions {

  private static final Pattern TAG = Pattern.compile("(W/)?\"([^\"]*)\"");

  private Preconditions() {}

  /** A request that says neither. */
  static final class Missing extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Missing(String message) {
      super(message);
    }
  }

  static String tag(String version) {
    return '"' + version + '"';
  }

  /**
   * @param ifMatch header, may be null
   * @param ifNoneMatch header, may be null
   * @throws Missing when there is neither
   */
  static Condition ofChain(String ifMatch, String ifNoneMatch) {
    if (ifNoneMatch != null && ifNoneMatch.strip().equals("*")) {
      return Condition.ABSENT;
    }
    if (ifMatch == null) {
      throw new Missing(
          "send If-Match with the ETag of what you read, or If-None-Match: * for what must be new");
    }
    return ifMatch.strip().equals("*") ? Condition.PRESENT : Condition.chainAt(strong(ifMatch));
  }

  /** The same for the registry as a whole. */
  static Condition ofRegistry(String ifMatch) {
    if (ifMatch == null) {
      throw new Missing("send If-Match with the ETag of /api/agreements, or If-Match: *");
    }
    return ifMatch.strip().equals("*") ? Condition.NONE : Condition.registryAt(strong(ifMatch));
  }

  /**
   * The one version that the request is about; null for any.
   *
   * @param where the ETag is to be had
   * @throws Missing when there is no header
   */
  static String version(String ifMatch, String where) {
    if (ifMatch == null) {
      throw new Missing("send If-Match with the ETag of " + where + ", or If-Match: *");
    }
    if (ifMatch.strip().equals("*")) {
      return null;
    }
    String[] versions = strong(ifMatch);
    // None that can match, such as a weak one, must not pass for any.
    return versions.length == 0 ? "" : versions[0];
  }

  /** Whether the client has this version already. */
  static boolean known(String ifNoneMatch, String version) {
    if (ifNoneMatch == null) {
      return false;
    }
    Matcher tag = TAG.matcher(ifNoneMatch);
    while (tag.find()) {
      if (tag.group(2).equals(version)) {
        return true;
      }
    }
    return false;
  }

  /** A weak tag never matches where something is changed. */
  private static String[] strong(String header) {
    List<String> versions = new ArrayList<>();
    Matcher tag = TAG.matcher(header);
    while (tag.find()) {
      if (tag.group(1) == null) {
        versions.add(tag.group(2));
      }
    }
    return versions.toArray(String[]::new);
  }
}
