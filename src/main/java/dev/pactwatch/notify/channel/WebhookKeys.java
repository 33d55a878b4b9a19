package dev.pactwatch.notify.channel;

import dev.pactwatch.notify.subscription.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys of Standard Webhooks 1.0.0: {@code whsec_} is shared with the receiver and signs as {@code
 * v1} (HMAC-SHA256), {@code whsk_} stays here and signs as {@code v1a} (Ed25519), {@code whpk_} is
 * what the receiver checks {@code v1a} with.
 */
public final class WebhookKeys {

  private static final String SYMMETRIC = "whsec_";
  private static final String PRIVATE = "whsk_";
  private static final String PUBLIC = "whpk_";

  private static final int MIN_SYMMETRIC = 24;
  private static final int MAX_SYMMETRIC = 64;

  /** Of an Ed25519 seed and of an Ed25519 public key; a private key is written as both. */
  private static final int ED25519 = 32;

  private static final String HMAC = "HmacSHA256";

  private WebhookKeys() {}

  /** A new {@code whsec_} key of 32 bytes. */
  public static Secret symmetric(SecureRandom random) {
    byte[] key = new byte[32];
    random.nextBytes(key);
    return new Secret(SYMMETRIC + Base64.getEncoder().encodeToString(key));
  }

  /** A new {@code whsk_} key: seed and public key, 64 bytes. */
  public static Secret asymmetric(SecureRandom random) {
    byte[] key = new byte[ED25519];
    random.nextBytes(key);
    byte[] both = Arrays.copyOf(key, 2 * ED25519);
    System.arraycopy(publicKey(key), 0, both, ED25519, ED25519);
    return new Secret(PRIVATE + Base64.getEncoder().encodeToString(both));
  }

  /**
   * The {@code whpk_} key of a {@code whsk_} key; it is no secret.
   *
   * @throws IllegalArgumentException when the key is none of these; the message does not repeat it
   */
  public static String publicOf(Secret key) {
    if (!(parse(key) instanceof Asymmetric asymmetric)) {
      throw new IllegalArgumentException("must start with " + PRIVATE);
    }
    return PUBLIC + Base64.getEncoder().encodeToString(publicKey(asymmetric.seed));
  }

  /**
   * Whether a secret can sign.
   *
   * @throws IllegalArgumentException whose message says what is wrong without repeating the text
   */
  public static void check(Secret key) {
    parse(key);
  }

  /** Makes one entry of {@code webhook-signature}. */
  interface Signer {

    /**
     * @param timestamp of the attempt, Unix seconds
     */
    String sign(String id, long timestamp, byte[] body);
  }

  /** The signer that a secret stands for. */
  static Signer parse(Secret secret) {
    String text = secret.reveal();
    if (text.startsWith(SYMMETRIC)) {
      byte[] key = decode(text, SYMMETRIC);
      if (key.length < MIN_SYMMETRIC || key.length > MAX_SYMMETRIC) {
        throw new IllegalArgumentException(
            "must hold " + MIN_SYMMETRIC + " to " + MAX_SYMMETRIC + " bytes, not " + key.length);
      }
      return new Symmetric(key);
    }
    if (text.startsWith(PRIVATE)) {
      byte[] key = decode(text, PRIVATE);
      if (key.length != ED25519 && key.length != 2 * ED25519) {
        throw new IllegalArgumentException("must hold 32 or 64 bytes, not " + key.length);
      }
      byte[] seed = Arrays.copyOf(key, ED25519);
      if (key.length == 2 * ED25519
          && !Arrays.equals(publicKey(seed), Arrays.copyOfRange(key, ED25519, 2 * ED25519))) {
        throw new IllegalArgumentException("must hold a private key and its own public key");
      }
      return new Asymmetric(seed);
    }
    throw new IllegalArgumentException("must start with " + SYMMETRIC + " or " + PRIVATE);
  }

  private static byte[] decode(String text, String prefix) {
    try {
      return Base64.getDecoder().decode(text.substring(prefix.length()));
    } catch (IllegalArgumentException e) {
      // Without the cause, whose message repeats a character of the key.
      throw new IllegalArgumentException("must be base64 after " + prefix);
    }
  }

  private static byte[] content(String id, long timestamp) {
    return (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
  }

  private record Symmetric(byte[] key) implements Signer {

    @Override
    public String sign(String id, long timestamp, byte[] body) {
      try {
        Mac mac = Mac.getInstance(HMAC);
        mac.init(new SecretKeySpec(key, HMAC));
        mac.update(content(id, timestamp));
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java runtime has " + HMAC, e);
      }
    }
  }

  private record Asymmetric(byte[] seed) implements Signer {

    @Override
    public String sign(String id, long timestamp, byte[] body) {
      try {
        PrivateKey key =
            KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key);
        signature.update(content(id, timestamp));
        signature.update(body);
        return "v1a," + Base64.getEncoder().encodeToString(signature.sign());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("Java has Ed25519 from 15 on", e);
      }
    }
  }

  /**
   * The 32 bytes of the public key. Java derives a public key from nothing but randomness, so the
   * seed is what its generator draws.
   */
  private static byte[] publicKey(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, new Drawn(seed));
      byte[] encoded = generator.generateKeyPair().getPublic().getEncoded();
      return Arrays.copyOfRange(encoded, encoded.length - ED25519, encoded.length);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Java has Ed25519 from 15 on", e);
    }
  }

  /** Gives the bytes it was made with. */
  private static final class Drawn extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final byte[] bytes;

    Drawn(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    @Override
    public void nextBytes(byte[] target) {
      System.arraycopy(bytes, 0, target, 0, target.length);
    }
  }
}
