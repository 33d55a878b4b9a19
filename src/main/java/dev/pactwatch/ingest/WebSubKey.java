package dev.pactwatch.ingest;

import dev.pactwatch.config.ConfigException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The one secret behind all subscriptions at hubs. The address that a hub calls and the secret it
 * signs with follow from it, so every instance knows a genuine call without asking another.
 */
public final class WebSubKey {

  private static final int SHORTEST = 32;

  /** SHA-1, which hubs may still use, is too weak to let anybody publish with. */
  private static final Map<String, String> METHODS =
      Map.of("sha256", "HmacSHA256", "sha384", "HmacSHA384", "sha512", "HmacSHA512");

  /** A feed and the address by which it names itself, which is what its hub knows it by. */
  public record Subscription(String feed, String topic) {}

  private final byte[] key;

  /**
   * @throws ConfigException when it is too short to keep anybody out
   */
  public WebSubKey(String key) {
    if (key.length() < SHORTEST) {
      throw new ConfigException(
          "setting pactwatch.websub.key: must have " + SHORTEST + " characters or more");
    }
    this.key = key.getBytes(StandardCharsets.UTF_8);
  }

  /** The path of the address to be called; nobody can guess it. */
  public String path(Subscription of) {
    return encode(of.feed()) + "/" + encode(of.topic()) + "/" + seal("callback", of);
  }

  /** What the hub signs with. */
  public String secret(Subscription of) {
    return seal("secret", of);
  }

  /** The subscription of a called address; empty when it is none of ours. */
  Optional<Subscription> open(String feed, String topic, String seal) {
    try {
      Subscription of = new Subscription(decode(feed), decode(topic));
      byte[] wanted = seal("callback", of).getBytes(StandardCharsets.UTF_8);
      return MessageDigest.isEqual(wanted, seal.getBytes(StandardCharsets.UTF_8))
          ? Optional.of(of)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether the body is the hub's.
   *
   * @param signature value of {@code X-Hub-Signature}, such as {@code sha256=...}; may be null
   */
  boolean genuine(Subscription of, String signature, byte[] body) {
    int sign = signature == null ? -1 : signature.indexOf('=');
    String method =
        sign < 0
            ? null
            : METHODS.get(signature.substring(0, sign).strip().toLowerCase(Locale.ROOT));
    if (method == null) {
      return false;
    }
    byte[] wanted = mac(method, secret(of).getBytes(StandardCharsets.UTF_8), body);
    try {
      return MessageDigest.isEqual(
          wanted, HexFormat.of().parseHex(signature.substring(sign + 1).strip()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private String seal(String purpose, Subscription of) {
    String text = purpose + "\n" + of.feed() + "\n" + of.topic();
    return HexFormat.of().formatHex(mac("HmacSHA256", key, text.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] mac(String method, byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(method);
      mac.init(new SecretKeySpec(key, method));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + method, e);
    }
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String text) {
    return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
  }
}
