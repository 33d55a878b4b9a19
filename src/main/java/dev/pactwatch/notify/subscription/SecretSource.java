package dev.pactwatch.notify.subscription;

import com.google.common.hash.Hashing;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Where the texts of secrets come from. Complaints never repeat one. */
public sealed interface SecretSource {

  /** The text that is meant by this place, without white space around it. */
  String text(Yaml place);

  /** The same where the text is an address. */
  default String address(Yaml place) {
    return text(place);
  }

  /**
   * For files: a secret is named by {@code env: NAME} or {@code file: PATH} and never stands there
   * itself.
   *
   * @param environment value of an environment variable, null when it is not set
   * @param folder to which paths are relative
   * @param warnings is told of files that everybody on the machine may read
   */
  static SecretSource places(
      UnaryOperator<String> environment, Path folder, Consumer<String> warnings) {
    return new Places(environment, folder, warnings);
  }

  /**
   * For who only looks, and sends nothing: like {@link #places}, but an environment variable that
   * is not set here, as it need not be, counts as a secret of its own that fits.
   */
  static SecretSource lookingOn(
      UnaryOperator<String> environment, Path folder, Consumer<String> warnings) {
    return new LookingOn(new Places(environment, folder, warnings));
  }

  /**
   * For requests: a secret is given as {@code value: TEXT}. Names of variables and files are
   * refused, since whoever may write a subscription could otherwise have any file of this machine
   * sent to a server of their choice.
   */
  static SecretSource values() {
    return new Values(UnaryOperator.identity());
  }

  /**
   * For what is kept by this program: like {@link #values}, but the texts are sealed.
   *
   * @param open turns a sealed text into the secret
   */
  static SecretSource sealed(UnaryOperator<String> open) {
    return new Values(open);
  }

  /** See {@link #places}. */
  record Places(UnaryOperator<String> environment, Path folder, Consumer<String> warnings)
      implements SecretSource {

    private static final int MAX_BYTES = 64 * 1024;

    @Override
    public String text(Yaml place) {
      Map<String, Yaml> fields = place.map(Set.of("env", "file"));
      if (fields.size() != 1) {
        throw place.problem("must name one place, 'env: NAME' or 'file: PATH'");
      }
      Yaml field = fields.values().iterator().next();
      String text = fields.containsKey("env") ? variable(field) : contents(field);
      return text.strip();
    }

    private String variable(Yaml field) {
      return Optional.ofNullable(environment.apply(field.text()))
          .orElseThrow(
              () -> field.problem("environment variable '" + field.text() + "' is not set"));
    }

    private String contents(Yaml field) {
      Path file = folder.resolve(field.text());
      try {
        if (Files.size(file) > MAX_BYTES) {
          throw field.problem("file '" + field.text() + "' is too large for a secret");
        }
        if (forEverybody(file)) {
          warnings.accept(
              field
                  .problem("file '" + field.text() + "' may be read by everybody on this machine")
                  .getMessage());
        }
        return Files.readString(file);
      } catch (IOException e) {
        ConfigException problem = field.problem("file '" + field.text() + "' cannot be read");
        problem.initCause(e);
        throw problem;
      }
    }

    private static boolean forEverybody(Path file) throws IOException {
      return file.getFileSystem().supportedFileAttributeViews().contains("posix")
          && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    }
  }

  /** See {@link #lookingOn}. */
  record LookingOn(Places places) implements SecretSource {

    @Override
    public String text(Yaml place) {
      return unset(place).map(name -> "whsec_" + digits(name)).orElseGet(() -> places.text(place));
    }

    @Override
    public String address(Yaml place) {
      return unset(place)
          .map(name -> "https://hidden.invalid/" + digits(name))
          .orElseGet(() -> places.text(place));
    }

    private Optional<String> unset(Yaml place) {
      return place.map(Set.of("env", "file")).size() == 1
          ? place
              .get("env")
              .map(Yaml::text)
              .filter(name -> places.environment().apply(name) == null)
          : Optional.empty();
    }

    /** As many as stand for 24 bytes in base64. */
    private static String digits(String name) {
      return Hashing.sha256().hashString(name, StandardCharsets.UTF_8).toString().substring(0, 32);
    }
  }

  /** See {@link #values} and {@link #sealed}. */
  record Values(UnaryOperator<String> open) implements SecretSource {

    @Override
    public String text(Yaml place) {
      place.map(Set.of("value", "fingerprint"));
      return open.apply(place.need("value").text()).strip();
    }
  }
}
