package dev.pactwatch.notify;

import dev.pactwatch.alert.Severity;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.matching.Relation;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Reads {@code subscriptions.yaml}. Every complaint names file, line and field. */
public final class SubscriptionFile {

  /** What a consumer group's name may be made of, short enough for a log line. */
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

  private static final Set<String> COMMON =
      Set.of(
          "id",
          "channel",
          "relations",
          "severity",
          "organisations",
          "agreements",
          "historical",
          "start");

  /** Standard Webhooks rotation, and a bound on the size of the signature header. */
  private static final int MAX_SECRETS = 10;

  private enum ChannelName {
    CONSOLE,
    WEBHOOK
  }

  private final UnaryOperator<String> environment;

  /**
   * @param environment value of an environment variable, null when it is not set
   */
  public SubscriptionFile(UnaryOperator<String> environment) {
    this.environment = environment;
  }

  /** In the file's order. Paths of secrets are relative to the file. */
  public List<Subscription> read(Path file) {
    return subscriptions(Yaml.read(file), file.toAbsolutePath().getParent());
  }

  private List<Subscription> subscriptions(Yaml root, Path folder) {
    Yaml list = root.map(Set.of("subscriptions")).get("subscriptions");
    if (list == null) {
      throw root.problem("lacks 'subscriptions'");
    }
    List<Subscription> subscriptions = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Yaml item : list.list()) {
      Subscription subscription = subscription(item, folder);
      if (!ids.add(subscription.id())) {
        throw item.need("id").problem("'" + subscription.id() + "' stands twice");
      }
      subscriptions.add(subscription);
    }
    return List.copyOf(subscriptions);
  }

  private Subscription subscription(Yaml item, Path folder) {
    Yaml id = item.need("id");
    if (!ID.matcher(id.text()).matches()) {
      throw id.problem(
          "must be up to 63 of a-z, 0-9, - and _, and start with a letter or digit, not '"
              + id.text()
              + "'");
    }
    Subscription.Target target =
        switch (item.need("channel").oneOf(ChannelName.class)) {
          case CONSOLE -> {
            item.map(COMMON);
            yield new Subscription.Console();
          }
          case WEBHOOK -> webhook(item, folder);
        };
    return new Subscription(
        id.text(),
        target,
        filter(item),
        item.get("start")
            .map(value -> value.oneOf(Subscription.Start.class))
            .orElse(Subscription.Start.BEGINNING));
  }

  private static Filter filter(Yaml item) {
    Set<Relation> relations = new LinkedHashSet<>();
    item.get("relations")
        .ifPresent(
            value -> {
              for (Yaml one : value.isText() ? List.of(value) : value.list()) {
                relations.add(one.oneOf(Relation.class));
              }
            });
    return new Filter(
        relations,
        item.get("severity").map(value -> value.oneOf(Severity.class)).orElse(Severity.LOW),
        texts(item, "organisations"),
        texts(item, "agreements"),
        item.get("historical").map(Yaml::bool).orElse(false));
  }

  private static Set<String> texts(Yaml item, String field) {
    return item.get(field).map(Yaml::texts).map(Set::copyOf).orElse(Set.of());
  }

  private Subscription.Webhook webhook(Yaml item, Path folder) {
    Set<String> allowed = new HashSet<>(COMMON);
    allowed.addAll(Set.of("url", "secrets"));
    item.map(allowed);
    Yaml secrets = item.need("secrets");
    List<WebhookSecret> keys = new ArrayList<>();
    for (Yaml secret : secrets.list()) {
      keys.add(secret(secret, folder));
    }
    if (keys.isEmpty() || keys.size() > MAX_SECRETS) {
      throw secrets.problem("must hold 1 to " + MAX_SECRETS + " secrets, not " + keys.size());
    }
    return new Subscription.Webhook(url(item.need("url")), keys);
  }

  private static URI url(Yaml field) {
    URI url;
    try {
      url = new URI(field.text());
    } catch (URISyntaxException e) {
      throw field.problem("is no URL: " + e.getReason());
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw field.problem("must start with https://, or http:// for this machine");
    }
    if (url.getHost() == null) {
      throw field.problem("names no host");
    }
    if (url.getRawUserInfo() != null) {
      throw field.problem("must not hold a user or password");
    }
    if (scheme.equals("http") && !Loopback.isLiteral(url.getHost())) {
      throw field.problem("must be https, except for 127.0.0.1 and [::1]");
    }
    return url;
  }

  private WebhookSecret secret(Yaml place, Path folder) {
    Map<String, Yaml> fields = place.map(Set.of("env", "file"));
    if (fields.size() != 1) {
      throw place.problem("must name one place, 'env: NAME' or 'file: PATH'");
    }
    Yaml field = fields.values().iterator().next();
    String text =
        fields.containsKey("env")
            ? Optional.ofNullable(environment.apply(field.text()))
                .orElseThrow(
                    () -> field.problem("environment variable '" + field.text() + "' is not set"))
            : contents(field, folder.resolve(field.text()));
    try {
      return WebhookSecret.parse(text.strip());
    } catch (IllegalArgumentException e) {
      throw field.problem("the secret there " + e.getMessage());
    }
  }

  private static String contents(Yaml field, Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      ConfigException problem = field.problem("file '" + field.text() + "' cannot be read");
      problem.initCause(e);
      throw problem;
    }
  }
}
