package dev.pactwatch.notify.subscription;

import java.net.URI;
import java.util.List;

/** Where messages go. Addresses that open a door by themselves are secrets. */
public sealed interface Target {

  /** Name of the channel, as in {@code subscriptions.yaml}. */
  String channel();

  /** Who receives, without what must not be shown: a host, an address, a topic. */
  String shown();

  /** Standard output of the process. */
  record Console() implements Target {
    @Override
    public String channel() {
      return "console";
    }

    @Override
    public String shown() {
      return "standard output";
    }
  }

  /**
   * A signed POST, as Standard Webhooks 1.0.0 describes it.
   *
   * @param url https, or http on this machine
   * @param secrets {@code whsec_} (HMAC-SHA256, {@code v1}) and {@code whsk_} (Ed25519, {@code
   *     v1a}), the newest first; a message carries a signature with each
   */
  record Webhook(URI url, List<Secret> secrets) implements Target {

    public Webhook {
      secrets = List.copyOf(secrets);
    }

    @Override
    public String channel() {
      return "webhook";
    }

    @Override
    public String shown() {
      return host(url);
    }
  }

  /**
   * Mail through the server of the settings {@code pactwatch.mail.*}.
   *
   * @param to one or more addresses; each gets a mail of its own
   */
  record Email(List<String> to) implements Target {

    public Email {
      to = List.copyOf(to);
    }

    @Override
    public String channel() {
      return "email";
    }

    @Override
    public String shown() {
      return String.join(", ", to);
    }
  }

  /** Services with an incoming webhook whose address is the only credential. */
  enum ChatService {
    SLACK,
    TEAMS,
    DISCORD
  }

  /**
   * A message to a channel of a chat.
   *
   * @param url the incoming webhook's address
   */
  record Chat(ChatService service, Secret url) implements Target {
    @Override
    public String channel() {
      return dev.pactwatch.json.Kebab.of(service);
    }

    @Override
    public String shown() {
      return host(URI.create(url.reveal()));
    }
  }

  /**
   * A topic of an ntfy server.
   *
   * @param server such as {@code https://ntfy.example.org}
   * @param token null where the topic needs none
   */
  record Ntfy(URI server, String topic, Secret token) implements Target {
    @Override
    public String channel() {
      return "ntfy";
    }

    @Override
    public String shown() {
      return host(server) + "/" + topic;
    }
  }

  /**
   * A Kafka topic for one subscriber, on the cluster of the alerts. Its full name is the topic
   * prefix, {@code subscriber.} and this name.
   */
  record KafkaTopic(String name) implements Target {
    @Override
    public String channel() {
      return "kafka";
    }

    @Override
    public String shown() {
      return name;
    }
  }

  /**
   * An Atom feed and a JSON Feed, read at an address that only the subscriber knows. What matches
   * is delivered by standing there.
   *
   * @param key the secret part of the address
   */
  record Feed(Secret key) implements Target {
    @Override
    public String channel() {
      return "feed";
    }

    @Override
    public String shown() {
      return "feed";
    }
  }

  private static String host(URI url) {
    return url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
  }
}
