package dev.pactwatch.notify.subscription;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.json.Kebab;
import java.time.LocalTime;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A subscription as JSON with the fields of {@code subscriptions.yaml}, so that what is shown can
 * be given back to {@link SubscriptionReader}. What stands at its default is left out; the same
 * subscription gives the same text.
 */
public final class SubscriptionView {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final UnaryOperator<String> seal;

  private SubscriptionView(UnaryOperator<String> seal) {
    this.seal = seal;
  }

  /**
   * For showing: a secret is {@code {"value": "(hidden)", "fingerprint": "1f2e3d4c"}}, which a
   * reader takes for the stored one.
   */
  public static ObjectNode of(Subscription subscription) {
    return new SubscriptionView(null).subscription(subscription);
  }

  /**
   * For keeping: a secret is {@code {"value": ...}} with its sealed text, which {@link
   * SecretSource#sealed} opens.
   */
  public static ObjectNode sealed(Subscription subscription, UnaryOperator<String> seal) {
    return new SubscriptionView(seal).subscription(subscription);
  }

  private ObjectNode subscription(Subscription one) {
    ObjectNode json = JSON.objectNode();
    json.put("id", one.id());
    text(json, "owner", one.owner());
    json.put("channel", one.target().channel());
    target(json, one.target());
    filter(json, one.filter());
    if (one.filter().historical()) {
      json.put("historical", true);
    }
    if (!one.filter().except().isEmpty()) {
      ArrayNode except = json.putArray("except");
      one.filter().except().forEach(filter -> filter(except.addObject(), filter));
    }
    if (one.start() != Subscription.Start.BEGINNING) {
      json.put("start", Kebab.of(one.start()));
    }
    timing(json, one.timing());
    if (one.quiet() != null) {
      quiet(json.putObject("quiet-hours"), one.quiet());
    }
    texts(json, "mute-times", one.muteTimes());
    texts(json, "active-times", one.activeTimes());
    if (one.rate() != null) {
      ObjectNode rate = json.putObject("rate");
      if (one.rate().perMinute() > 0) {
        rate.put("per-minute", one.rate().perMinute());
      }
      if (one.rate().atOnce() > 0) {
        rate.put("at-once", one.rate().atOnce());
      }
    }
    texts(json, "retries", one.retries().stream().map(Durations::format).toList());
    if (one.latestOnly()) {
      json.put("latest-only", true);
    }
    text(json, "notices", one.notices());
    return json;
  }

  private void target(ObjectNode json, Target target) {
    if (target instanceof Target.Webhook webhook) {
      json.put("url", webhook.url().toString());
      ArrayNode secrets = json.putArray("secrets");
      webhook.secrets().forEach(secret -> secrets.add(secret(secret)));
    } else if (target instanceof Target.Email email) {
      texts(json, "to", email.to());
    } else if (target instanceof Target.Chat chat) {
      json.set("url", secret(chat.url()));
    } else if (target instanceof Target.Ntfy ntfy) {
      json.put("server", ntfy.server().toString());
      json.put("topic", ntfy.topic());
      if (ntfy.token() != null) {
        json.set("token", secret(ntfy.token()));
      }
    } else if (target instanceof Target.KafkaTopic topic) {
      json.put("topic", topic.name());
    } else if (target instanceof Target.Feed feed) {
      json.set("key", secret(feed.key()));
    }
  }

  private ObjectNode secret(Secret secret) {
    ObjectNode json = JSON.objectNode();
    if (seal != null) {
      return json.put("value", seal.apply(secret.reveal()));
    }
    return json.put("value", Secret.HIDDEN).put("fingerprint", secret.fingerprint());
  }

  private static void filter(ObjectNode json, Filter filter) {
    if (filter.severity() != Severity.LOW) {
      json.put("severity", filter.severity().label());
    }
    if (filter.certain()) {
      json.put("certain", true);
    }
    constants(json, "types", filter.types());
    constants(json, "statuses", filter.statuses());
    constants(json, "relations", filter.relations());
    constants(json, "changes", filter.changes());
    texts(json, "organisations", filter.organisations().stream().sorted().toList());
    texts(json, "agreements", filter.agreements().stream().sorted().toList());
    texts(json, "text", filter.text());
  }

  private static void timing(ObjectNode json, Timing timing) {
    if (timing instanceof Timing.Grouped grouped) {
      ObjectNode inner = json.putObject("timing");
      ArrayNode by = inner.putArray("group-by");
      grouped.by().forEach(label -> by.add(label.label()));
      inner.put("group-wait", Durations.format(grouped.groupWait()));
      inner.put("group-interval", Durations.format(grouped.groupInterval()));
      if (grouped.repeatInterval() != null) {
        inner.put("repeat-interval", Durations.format(grouped.repeatInterval()));
      }
    } else if (timing instanceof Timing.Digest digest) {
      ObjectNode inner = json.putObject("timing");
      inner.put(
          "digest",
          switch (digest.every()) {
            case HOUR -> "hourly";
            case DAY -> "daily";
            case WEEK -> "weekly";
          });
      inner.put("at", clock(digest.at()));
      if (digest.every() == Timing.Every.WEEK) {
        inner.put("on", Kebab.of(digest.on()));
      }
      inner.put("time-zone", digest.zone().getId());
    }
  }

  private static void quiet(ObjectNode json, QuietHours quiet) {
    json.put("from", clock(quiet.from()));
    json.put("to", clock(quiet.to()));
    constants(json, "days", quiet.days());
    json.put("time-zone", quiet.zone().getId());
    if (quiet.except() != null) {
      json.put("except", quiet.except().label());
    }
  }

  /** The file's times have no seconds. */
  private static String clock(LocalTime time) {
    return time.withSecond(0).withNano(0).toString();
  }

  private static <E extends Enum<E>> void constants(
      ObjectNode json, String field, Collection<E> constants) {
    texts(json, field, constants.stream().sorted().map(Kebab::of).toList());
  }

  private static void texts(ObjectNode json, String field, List<String> texts) {
    if (!texts.isEmpty()) {
      ArrayNode list = json.putArray(field);
      texts.forEach(list::add);
    }
  }

  private static void text(ObjectNode json, String field, String text) {
    if (text != null) {
      json.put(field, text);
    }
  }
}
