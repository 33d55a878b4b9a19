package dev.pactwatch.matching;

import dev.pactwatch.tagging.Amount;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Evidence;
import dev.pactwatch.tagging.Exclusivity;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Role;
import dev.pactwatch.tagging.Status;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Events made by hand, and a small world of groups and names. */
public final class Samples {

  /** A cloud arm belongs to its parent; everybody else is on their own. */
  public static final Kinship KINSHIP =
      new Kinship() {
        private final Map<String, String> groups =
            Map.of("amazon-aws", "amazon", "azure", "microsoft", "google-cloud", "google");
        private final Map<String, String> names =
            Map.of(
                "amazon-aws", "AWS",
                "amazon", "Amazon",
                "azure", "Azure",
                "microsoft", "Microsoft",
                "openai", "OpenAI",
                "oracle", "Oracle",
                "google-cloud", "Google Cloud",
                "google", "Google",
                "nyt", "The New York Times");

        @Override
        public String group(String organisationId) {
          return groups.getOrDefault(organisationId, organisationId);
        }

        @Override
        public String name(String organisationId) {
          return names.getOrDefault(organisationId, organisationId);
        }
      };

  private Status status = Status.AGREED;
  private final List<Party> parties = new ArrayList<>();
  private Amount amount;
  private Exclusivity exclusivity = Exclusivity.NONE;
  private String product;
  private String topic;
  private boolean background;
  private final List<Evidence> evidence = new ArrayList<>();

  public static Samples deal(Status status) {
    Samples samples = new Samples();
    samples.status = status;
    return samples;
  }

  /** One organisation gets something of a topic from another, as agreed. */
  public static Samples deal(String customer, String provider, String topic) {
    return deal(Status.AGREED)
        .party(customer, Role.CUSTOMER)
        .party(provider, Role.PROVIDER)
        .topic(topic);
  }

  public static Samples suit(Status status, String plaintiff, String... defendants) {
    Samples samples = deal(status).party(plaintiff, Role.PLAINTIFF);
    samples.exclusivity = null;
    for (String defendant : defendants) {
      samples.party(defendant, Role.DEFENDANT);
    }
    return samples;
  }

  public Samples status(Status status) {
    this.status = status;
    return this;
  }

  public Samples party(String organisation, Role role) {
    parties.add(new Party(organisation, KINSHIP.name(organisation), role, null, null));
    return this;
  }

  public Samples unlisted(String name, Role role) {
    parties.add(new Party(null, name, role, null, true));
    return this;
  }

  public Samples unnamed(String name, Role role) {
    parties.add(new Party(null, name, role, true, null));
    return this;
  }

  public Samples topic(String topic) {
    this.topic = topic;
    return this;
  }

  public Samples product(String product) {
    this.product = product;
    return this;
  }

  public Samples billions(String value) {
    this.amount = new Amount(new BigDecimal(value).movePointRight(9), "USD");
    return this;
  }

  public Samples exclusivity(Exclusivity exclusivity) {
    this.exclusivity = exclusivity;
    return this;
  }

  public Samples background() {
    this.background = true;
    return this;
  }

  public Samples sentence(String text) {
    evidence.add(new Evidence("sentence", "body", 0, text.length(), text, "rule-1"));
    return this;
  }

  public Event event() {
    boolean litigation = status.type() == EventType.LITIGATION;
    return new Event(
        status.type(),
        status,
        parties,
        amount,
        litigation ? null : exclusivity,
        product,
        topic,
        background,
        0.9,
        evidence);
  }
}
