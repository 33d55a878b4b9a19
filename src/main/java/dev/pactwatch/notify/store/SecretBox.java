package dev.pactwatch.notify.store;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.notify.subscription.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts what holds secrets before it is stored: AES-256-GCM, a new nonce each time. */
public final class SecretBox {

  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final int MIN_LENGTH = 32;
  private static final byte VERSION = 1;

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param key at least 32 characters that are hard to guess
   */
  public SecretBox(Secret key) {
    String text = key.reveal().strip();
    if (text.length() < MIN_LENGTH) {
      throw new ConfigException(
          "pactwatch.notify.key: must have at least " + MIN_LENGTH + " characters");
    }
    try {
      this.key =
          new SecretKeySpec(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)),
              "AES");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** The key in this file, which is made, for its owner's eyes only, where it is missing. */
  public static SecretBox ofFile(Path file) {
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        try {
          if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
          } else {
            Files.createFile(file);
          }
          Files.writeString(
              file, Base64.getEncoder().encodeToString(bytes) + "\n", StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
          // Another process of this installation was faster; its key is as good.
        }
      }
      return new SecretBox(new Secret(Files.readString(file)));
    } catch (IOException e) {
      throw new ConfigException(file + ": the notifier's key cannot be read or made", e);
    }
  }

  /**
   * @param context what the text belongs to; it opens in no other place
   */
  public byte[] seal(String context, String text) {
    try {
      byte[] nonce = new byte[NONCE];
      random.nextBytes(nonce);
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, context);
      byte[] sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.allocate(1 + NONCE + sealed.length)
          .put(VERSION)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + CIPHER, e);
    }
  }

  /**
   * @throws ConfigException when another key sealed it, or it belongs elsewhere
   */
  public String open(String context, byte[] sealed) {
    try {
      byte[] nonce = java.util.Arrays.copyOfRange(sealed, 1, 1 + NONCE);
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, context);
      return new String(
          cipher.doFinal(sealed, 1 + NONCE, sealed.length - 1 - NONCE), StandardCharsets.UTF_8);
    } catch (AEADBadTagException e) {
      throw new ConfigException(
          "pactwatch.notify.key: is not the key with which '" + context + "' was stored", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot open '" + context + "'", e);
    }
  }

  /**
   * A tag that only who has the key can make for this text: the secret part of addresses that act
   * without a login.
   *
   * @return 43 characters of a URL
   */
  public String tag(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HMAC with SHA-256", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
