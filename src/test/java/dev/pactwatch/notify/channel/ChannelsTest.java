package dev.pactwatch.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.notify.channel.Notification.Kind;
import dev.pactwatch.notify.channel.Preview.Section;
import dev.pactwatch.notify.subscription.Filter;
import dev.pactwatch.notify.subscription.Secret;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.Subscription.Rate;
import dev.pactwatch.notify.subscription.Subscription.Start;
import dev.pactwatch.notify.subscription.Target;
import dev.pactwatch.notify.subscription.Target.ChatService;
import dev.pactwatch.notify.subscription.Timing;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChannelsTest {

  private static final Attempt FIRST = new Attempt(1, false);
  private static final MailSettings MAIL =
      new MailSettings(
          "127.0.0.1",
          25,
          "alerts@example.com",
          null,
          null,
          MailSettings.Security.NONE,
          Duration.ofSeconds(1));

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final OutboundClient http =
      new OutboundClient(OutboundSettings.defaults("test", "", List.of()));
  private final Channels channels = channels(Optional.of(MAIL));

  @AfterEach
  void close() {
    channels.close();
    http.close();
  }

  private Channels channels(Optional<MailSettings> mail) {
    return new Channels(
        http,
        mail,
        null,
        new KafkaClients(Map.of("bootstrap.servers", "127.0.0.1:1")),
        new Topics("test.", 1, (short) 1),
        Templates.shipped(),
        new PrintStream(printed, true, StandardCharsets.UTF_8),
        InstantSource.system());
  }

  static Stream<Target> targets() {
    return Stream.concat(
        Stream.of(
            new Target.Console(),
            new Target.Webhook(
                URI.create("https://receiver.example.org/hook"),
                List.of(new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))),
            new Target.Email(List.of("reader@example.org")),
            new Target.Ntfy(URI.create("https://ntfy.example.org"), "pacts", null),
            new Target.KafkaTopic("newsdesk"),
            new Target.Feed(new Secret("k3y"))),
        Stream.of(ChatService.values())
            .map(service -> new Target.Chat(service, new Secret("https://chat.example.org/x"))));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void everyTargetHasAChannelThatWritesTheSameEachTime(Target target) {
    Channel one = channels.create(subscription(target));
    Channel two = channels.create(subscription(target));
    for (Kind kind : Kind.values()) {
      Notification notification =
          kind == Kind.NOTICE
              ? Samples.of(kind, "A note.")
              : Samples.of(kind, "A note.", SampleAlerts.dispute());
      Message message = one.render(notification);
      assertThat(message.id()).isEqualTo(notification.id());
      assertThat(two.render(notification).body()).isEqualTo(message.body());
      assertThat(two.render(notification).headers()).isEqualTo(message.headers());
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void aPreviewShowsAnAlertAsItWouldBeSent(Target target) {
    Preview preview = channels.preview(subscription(target), SampleAlerts.dispute(), Samples.LINKS);

    assertThat(preview.channel()).isEqualTo(target.channel());
    assertThat(preview.sections()).hasSize(target instanceof Target.Email ? 3 : 1);
    assertThat(preview.sections().get(preview.sections().size() - 1).text())
        .contains("Borealis Cloud");
    assertThat(preview.sections()).extracting(Section::text).doesNotContainNull();
    assertThat(preview.toString()).doesNotContain("whsec_");
  }

  @Test
  void theConsolePrintsABlock() throws Exception {
    Channel channel = channels.create(subscription(new Target.Console()));

    assertThat(
            channel.send(
                channel.render(Samples.of(Kind.TEST, "A test.", SampleAlerts.dispute())), FIRST))
        .isInstanceOf(Outcome.Delivered.class);

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .startsWith("A test.\n\n")
        .contains("CRITICAL dispute (opened)");
  }

  @Test
  void aFeedDeliversByStandingThere() throws Exception {
    Channel channel = channels.create(subscription(new Target.Feed(new Secret("k3y"))));

    assertThat(channel.send(channel.render(Samples.alert(SampleAlerts.dispute())), FIRST))
        .isInstanceOf(Outcome.Delivered.class);
  }

  @Test
  void aTargetThatCannotBeUsedIsNamedWithItsSubscriptionAndWithoutItsSecret() {
    assertThatThrownBy(
            () ->
                channels.create(
                    subscription(
                        new Target.Webhook(
                            URI.create("https://receiver.example.org/"),
                            List.of(new Secret("whsec_tooshort"))))))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("subscription newsdesk: webhook cannot be used: ")
        .message()
        .doesNotContain("tooshort");
    try (Channels without = channels(Optional.empty())) {
      assertThatThrownBy(
              () -> without.create(subscription(new Target.Email(List.of("reader@example.org")))))
          .hasMessageContaining("pactwatch.mail.host");
    }
  }

  private static Subscription subscription(Target target) {
    return new Subscription(
        "newsdesk",
        null,
        target,
        Filter.ALL,
        new Timing.AtOnce(),
        null,
        List.of(),
        List.of(),
        Start.NOW,
        new Rate(600, 8),
        List.of(),
        false,
        null);
  }
}
