package dev.pactwatch.topology;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.tagging.TaggedArticle;
import java.time.Instant;

/**
 * One side of the join, on its way to one organisation.
 *
 * @param article uri of the article, null on the agreements' side
 * @param published of the version that is stored or removed, null on the agreements' side
 * @param tagged null to remove what is stored for the article
 * @param agreement id of the agreement, null on the articles' side
 * @param terms null to remove what is stored for the agreement
 */
record SideRecord(
    String article, Instant published, TaggedArticle tagged, String agreement, Agreement terms) {

  static SideRecord of(TaggedArticle tagged) {
    return new SideRecord(tagged.uri(), tagged.published(), tagged, null, null);
  }

  static SideRecord removedArticle(String uri, Instant published) {
    return new SideRecord(uri, published, null, null, null);
  }

  static SideRecord of(Agreement agreement) {
    return new SideRecord(null, null, null, agreement.id(), agreement);
  }

  static SideRecord removedAgreement(String id) {
    return new SideRecord(null, null, null, id, null);
  }
}
