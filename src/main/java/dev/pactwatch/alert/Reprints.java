package dev.pactwatch.alert;

import dev.pactwatch.tagging.Status;
import dev.pactwatch.text.Fingerprint;
import java.util.ArrayList;
import java.util.List;

/**
 * Which reports of an alert copy an earlier one, read in event time. A copy that a second publisher
 * prints confirms nothing, so it does not count as an independent one. It only marks reports: what
 * belongs to one alert is decided by who does what, never by likeness of words.
 */
final class Reprints {

  /**
   * Share of the shorter text that stands word for word in the longer one. Agencies' reports are
   * cut and given a new headline by those who print them; independent reports of one event have
   * names and a quoted sentence in common.
   */
  static final double COPIED = 0.6;

  /** Of fewer shingles (ten words) two texts can be alike by chance, as headlines are. */
  static final int SHORTEST = 8;

  private record Original(String uri, Fingerprint fingerprint, Status status) {}

  private final List<Original> originals = new ArrayList<>();

  /**
   * Takes in the next report.
   *
   * @param status that it reports: the same words around another outcome are other news
   * @return uri of the report that it copies, null where it is none
   */
  String original(Judgement report, Status status) {
    Fingerprint fingerprint = report.fingerprint();
    if (fingerprint == null || fingerprint.shingles() < SHORTEST) {
      return null;
    }
    for (Original original : originals) {
      if (original.status == status && original.fingerprint.shared(fingerprint) >= COPIED) {
        return original.uri;
      }
    }
    originals.add(new Original(report.uri(), fingerprint, status));
    return null;
  }
}
