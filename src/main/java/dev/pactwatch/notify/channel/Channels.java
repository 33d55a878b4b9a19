package dev.pactwatch.notify.channel;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.notify.AlertText;
import dev.pactwatch.notify.channel.Notification.Item;
import dev.pactwatch.notify.channel.Notification.Kind;
import dev.pactwatch.notify.channel.Notification.Links;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.Target;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import javax.net.ssl.SSLContext;

/**
 * Makes the channel of a subscription. What channels share is opened once: the HTTP client is given
 * and stays the caller's, a producer and a watch over mail connections are closed with this. Needs
 * no container.
 */
public final class Channels implements AutoCloseable {

  private final OutboundClient http;
  private final Optional<MailSettings> mail;
  private final SSLContext mailTrust;
  private final SubscriberTopics topics;
  private final Templates templates;
  private final PrintStream out;
  private final InstantSource clock;
  private final ScheduledThreadPoolExecutor deadlines;

  /**
   * @param http for every channel that goes over HTTP; not closed here
   * @param mail empty where the installation has no mail server
   * @param mailTrust certificates to trust in place of the runtime's, for mail; null for these
   * @param kafka the cluster of the alerts
   * @param topics prefix, partitions and replication of subscribers' topics
   * @param out where alerts to the console go
   */
  public Channels(
      OutboundClient http,
      Optional<MailSettings> mail,
      SSLContext mailTrust,
      KafkaClients kafka,
      Topics topics,
      Templates templates,
      PrintStream out,
      InstantSource clock) {
    this.http = http;
    this.mail = mail;
    this.mailTrust = mailTrust;
    this.topics = new SubscriberTopics(kafka, topics);
    this.templates = templates;
    this.out = out;
    this.clock = clock;
    this.deadlines =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "mail-deadlines");
              thread.setDaemon(true);
              return thread;
            });
    this.deadlines.setRemoveOnCancelPolicy(true);
  }

  /**
   * @throws ConfigException when the target cannot be used, naming the subscription; secrets are
   *     not repeated
   */
  public Channel create(Subscription subscription) {
    try {
      return create(subscription.target());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "subscription "
              + subscription.id()
              + ": "
              + subscription.target().channel()
              + " cannot be used: "
              + e.getMessage(),
          e);
    }
  }

  private Channel create(Target target) {
    if (target instanceof Target.Console) {
      return new ConsoleChannel(out, AlertText.forStandardOutput());
    }
    if (target instanceof Target.Webhook webhook) {
      return new WebhookChannel(webhook, http, clock);
    }
    if (target instanceof Target.Email email) {
      MailSettings settings =
          mail.orElseThrow(
              () -> new IllegalArgumentException("no mail server is set; see pactwatch.mail.host"));
      return new EmailChannel(email, settings, templates, mailTrust, deadlines);
    }
    if (target instanceof Target.Chat chat) {
      return new ChatChannel(chat, http, templates, clock);
    }
    if (target instanceof Target.Ntfy ntfy) {
      return new NtfyChannel(ntfy, http, templates, clock);
    }
    if (target instanceof Target.KafkaTopic topic) {
      return new KafkaChannel(topic, topics);
    }
    return new FeedChannel();
  }

  /**
   * What a subscription would send about an alert, without sending it.
   *
   * @param links as in a real notification
   * @throws ConfigException as {@link #create}
   */
  public Preview preview(Subscription subscription, Alert alert, Links links) {
    Notification notification =
        new Notification(
            "preview",
            subscription.id(),
            Kind.ALERT,
            List.of(new Item(alert, Json.bytes(alert))),
            null,
            alert.lastSeen(),
            links);
    try (Channel channel = create(subscription)) {
      return Preview.of(
          subscription.target(), channel.render(notification), notification, templates);
    }
  }

  /** Ends what is under way, and waits a few seconds for records that Kafka has not confirmed. */
  @Override
  public void close() {
    deadlines.shutdownNow();
    topics.close();
  }
}
