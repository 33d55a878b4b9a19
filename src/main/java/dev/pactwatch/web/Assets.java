package dev.pactwatch.web;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The page's style and script. */
public final class Assets {

  /** Changes with their contents: browsers keep assets for a day and must not mix versions. */
  public static final String VERSION =
      version(
          List.of(
              "/META-INF/resources/assets/console.css",
              "/META-INF/resources/assets/console.js",
              "/META-INF/resources/assets/agreements.js",
              "/META-INF/resources/assets/replays.js"));

  private Assets() {}

  /** Changes with what these packaged resources hold. */
  static String version(List<String> resources) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String resource : resources) {
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
          if (in == null) {
            throw new IllegalStateException(resource + " is not packaged");
          }
          digest.update(in.readAllBytes());
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (IOException e) {
      throw new IllegalStateException("packaged resources cannot be read", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
