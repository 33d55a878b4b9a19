package dev.pactwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.json.Json;
import dev.pactwatch.tagging.TaggedArticle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class SideRecordTest {

  private static final Serde<SideRecord> SERDE = SideRecord.serde();

  @Test
  void anArticleComesBackAsItWas() {
    Instant published = Instant.parse("2026-03-18T09:41:12.000000007Z");
    TaggedArticle tagged =
        new TaggedArticle(
            "urn:übung",
            3,
            "A",
            null,
            null,
            published,
            published,
            true,
            "lexicon",
            null,
            List.of());
    SideRecord read = there(SideRecord.of(tagged, Encoded.of(TaggedArticle.class, tagged)));

    assertThat(read.article()).isEqualTo("urn:übung");
    assertThat(read.version()).isEqualTo(3);
    assertThat(read.published()).isEqualTo(published);
    assertThat(read.tagged().bytes()).isEqualTo(Json.bytes(tagged));
    assertThat(read.tagged().value()).isEqualTo(tagged);
    assertThat(read.agreement()).isNull();
  }

  @Test
  void anAgreementComesBackAsItWas() {
    for (Agreement agreement : AgreementFiles.load(Path.of("config", "agreements")).all()) {
      SideRecord read = there(SideRecord.of(agreement));
      assertThat(read.agreement()).isEqualTo(agreement.id());
      assertThat(Json.write(read.terms().value())).isEqualTo(Json.write(agreement));
      assertThat(read.article()).isNull();
    }
  }

  @Test
  void whatIsRemovedHasNothingInIt() {
    SideRecord article = there(SideRecord.removedArticle("urn:a", Instant.EPOCH));
    assertThat(article).isEqualTo(SideRecord.removedArticle("urn:a", Instant.EPOCH));
    assertThat(there(SideRecord.removedAgreement("r1")))
        .isEqualTo(SideRecord.removedAgreement("r1"));
  }

  @Test
  void bytesThatAreNoSideAreRefused() {
    byte[] good =
        SERDE.serializer().serialize("t", SideRecord.removedArticle("urn:a", Instant.EPOCH));
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> SERDE.deserializer().deserialize("t", cut))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("t: is no side of a join");
    }
    byte[] other = good.clone();
    other[0] = '{';
    assertThatThrownBy(() -> SERDE.deserializer().deserialize("t", other))
        .isInstanceOf(SerializationException.class);
  }

  @Test
  void contentThatCannotBeReadIsFoundWhenItIsAskedFor() {
    byte[] wrong = "{\"uri\": 7".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Encoded.ofBytes(TaggedArticle.class, wrong).value())
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("is no TaggedArticle");
  }

  private static SideRecord there(SideRecord side) {
    return SERDE.deserializer().deserialize("t", SERDE.serializer().serialize("t", side));
  }
}
