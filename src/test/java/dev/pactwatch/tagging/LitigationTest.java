package dev.pactwatch.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.lexicon.Lexicon;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How suits are told of: who sues whom and how far it has come, in sentences of our own. */
class LitigationTest {

  private static final LocalDate DAY = LocalDate.of(2025, 5, 1);
  private static Tagger tagger;

  @BeforeAll
  static void loadTheShippedLexicon() {
    tagger = new Tagger(Lexicon.load(Path.of("config", "lexicon")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          Acme threatens to sue Globex|threatened|Acme=plaintiff Globex=defendant
          Acme threatens Globex with legal action|threatened|Acme=plaintiff Globex=defendant
          Acme threatens legal action against Globex|threatened|Acme=plaintiff Globex=defendant
          Globex threatened with lawsuit by Acme|threatened|Acme=plaintiff Globex=defendant
          Acme considering lawsuit against Globex|threatened|Acme=plaintiff Globex=defendant
          Acme may sue Globex over cloud deal, sources say|threatened|Acme=plaintiff Globex=defendant
          Acme lawyers weigh suit against Globex|threatened|Acme=plaintiff Globex=defendant
          Acme sends Globex cease-and-desist letter|threatened|Acme=plaintiff Globex=defendant
          Globex receives cease-and-desist from Acme|threatened|Acme=plaintiff Globex=defendant
          Acme warns Globex of legal action over scraping|threatened|Acme=plaintiff Globex=defendant
          Acme prepares legal challenge against Globex|threatened|Acme=plaintiff Globex=defendant
          Globex could face lawsuit from Acme|threatened|Acme=plaintiff Globex=defendant
          Acme sends legal notice to Globex|threatened|Acme=plaintiff Globex=defendant
          Acme brings action against Globex over patents|filed|Acme=plaintiff Globex=defendant
          Acme brought an action against Globex in the High Court|filed|Acme=plaintiff Globex=defendant
          Globex hauled before a judge by Acme|filed|Acme=plaintiff Globex=defendant
          Acme hauls Globex before a Delaware judge|filed|Acme=plaintiff Globex=defendant
          Globex served with lawsuit by Acme|filed|Acme=plaintiff Globex=defendant
          Globex served with papers in Acme lawsuit|filed|Acme=plaintiff Globex=defendant
          Globex slapped with patent suit by Initech|filed|Globex=defendant Initech=plaintiff
          Initech slaps Globex with lawsuit|filed|Globex=defendant Initech=plaintiff
          Initech hits Globex with $2 billion suit|filed|Globex=defendant Initech=plaintiff
          FTC sues Globex over privacy|filed|FTC=plaintiff Globex=defendant
          DOJ accuses Globex of monopolizing search in new lawsuit|filed|DOJ=plaintiff Globex=defendant
          California sues Globex over kids' privacy|filed|California=plaintiff Globex=defendant
          Globex sued by FTC|filed|FTC=plaintiff Globex=defendant
          Globex sued by authors over AI training|filed|Globex=defendant
          Authors sue Globex over AI training|filed|Globex=defendant
          Globex faces class action over data breach|filed|Globex=defendant
          Class action accuses Globex of price fixing|filed|Globex=defendant
          Lawsuit accuses Globex of stealing trade secrets|filed|Globex=defendant
          Lawsuit alleges Globex misled investors|filed|Globex=defendant
          Lawsuit claims Globex scraped millions of songs|filed|Globex=defendant
          Suit says Globex knew of the flaw|filed|Globex=defendant
          Acme, in lawsuit, accuses Globex of poaching staff|filed|Acme=plaintiff Globex=defendant
          Acme countersues Globex|filed|Acme=plaintiff Globex=defendant
          Globex countersues Acme, alleging breach of contract|filed|Acme=defendant Globex=plaintiff
          Globex hits back at Acme with countersuit|filed|Acme=defendant Globex=plaintiff
          Acme files for arbitration against Globex|filed|Acme=plaintiff Globex=defendant
          Acme lodges EU antitrust complaint against Globex|filed|Acme=plaintiff Globex=defendant
          Acme complains to EU about Globex's licensing|filed|Acme=plaintiff Globex=defendant
          Acme seeks $2 billion from Globex in lawsuit|filed|Acme=plaintiff Globex=defendant
          Acme mounts legal action against Globex|filed|Acme=plaintiff Globex=defendant
          Acme begins proceedings against Globex|filed|Acme=plaintiff Globex=defendant
          Acme joins lawsuit against Globex|filed|Acme=plaintiff Globex=defendant
          Acme takes legal action against Globex over unpaid rent|filed|Acme=plaintiff Globex=defendant
          Acme accuses Globex of copyright infringement in federal court|filed|Acme=plaintiff Globex=defendant
          Globex shareholders sue over merger|filed|Globex=defendant
          Former employees sue Globex|filed|Globex=defendant
          Globex investor sues over bonus|filed|Globex=defendant
          Globex hit by class-action suit over subscription fees|filed|Globex=defendant
          Globex named in lawsuit over fire|filed|Globex=defendant
          Acme sues Globex, Initech over patents|filed|Acme=plaintiff Globex=defendant Initech=defendant
          Acme and Initech sue Globex|filed|Acme=plaintiff Globex=defendant Initech=plaintiff
          Acme sues Globex for $3bn|filed|Acme=plaintiff Globex=defendant
          Acme sues former partner Globex|filed|Acme=plaintiff Globex=defendant
          Chipmaker Acme sues rival Globex|filed|Acme=plaintiff Globex=defendant
          Acme, maker of chips, sues Globex|filed|Acme=plaintiff Globex=defendant
          Acme is suing Globex|filed|Acme=plaintiff Globex=defendant
          Acme has sued Globex|filed|Acme=plaintiff Globex=defendant
          Globex is being sued by Acme|filed|Acme=plaintiff Globex=defendant
          Globex has been sued by Acme|filed|Acme=plaintiff Globex=defendant
          Globex, sued by Acme, says it did nothing wrong|filed|Acme=plaintiff Globex=defendant
          Why Acme is suing Globex|filed|Acme=plaintiff Globex=defendant
          Acme lodges High Court claim against supplier Globex|filed|Acme=plaintiff Globex=defendant
          Acme pursues Globex through courts over unpaid invoices|filed|Acme=plaintiff Globex=defendant
          Acme issues writ against Globex|filed|Acme=plaintiff Globex=defendant
          FTC takes Globex to court over dark patterns|filed|FTC=plaintiff Globex=defendant
          Texas AG sues Globex over facial recognition|filed|Globex=defendant Texas_AG=plaintiff
          Attorney general sues Globex|filed|Globex=defendant
          DOJ, states sue Globex over search monopoly|filed|DOJ=plaintiff Globex=defendant
          SEC sues Globex, alleging fraud|filed|Globex=defendant SEC=plaintiff
          US government sues Globex|filed|Globex=defendant US_government=plaintiff
          Acme hits back with $3bn countersuit against Globex|filed|Acme=plaintiff Globex=defendant
          Acme wants $3bn from Globex in patent suit|filed|Acme=plaintiff Globex=defendant
          Acme alleges Globex stole trade secrets in federal lawsuit|filed|Acme=plaintiff Globex=defendant
          Musicians accuse Globex of theft in class action|filed|Globex=defendant
          Widow sues Globex after chatbot advice|filed|Globex=defendant
          Globex accused of spying on users in new lawsuit|filed|Globex=defendant
          Globex hit with antitrust complaint in Brussels|filed|Globex=defendant
          Globex targeted in antitrust suit by Acme|filed|Acme=plaintiff Globex=defendant
          New suit claims Globex tracks phones|filed|Globex=defendant
          Globex seeks dismissal of Acme lawsuit|ongoing|Acme=plaintiff Globex=defendant
          Globex asks judge to dismiss Acme lawsuit|ongoing|Acme=plaintiff Globex=defendant
          Globex moves to dismiss Acme lawsuit|ongoing|Acme=plaintiff Globex=defendant
          Globex urges court to toss Acme suit|ongoing|Acme=plaintiff Globex=defendant
          Globex fires back at Acme lawsuit|ongoing|Acme=plaintiff Globex=defendant
          Trial begins in Acme lawsuit against Globex|ongoing|Acme=plaintiff Globex=defendant
          Acme v. Globex trial opens in Delaware|ongoing|Acme=plaintiff Globex=defendant
          Acme and Globex head to trial over patents|ongoing|Acme=party Globex=party
          Acme, Globex face off in court over patents|ongoing|Acme=party Globex=party
          Judge questions Acme's claims against Globex|ongoing|Acme=plaintiff Globex=defendant
          Judge weighs Globex's bid to end Acme lawsuit|ongoing|Acme=plaintiff Globex=defendant
          Supreme Court to hear Globex's appeal against Acme|ongoing|Acme=plaintiff Globex=defendant
          Acme asks court to force Globex to honor contract|ongoing|Acme=plaintiff Globex=defendant
          Acme seeks injunction against Globex|ongoing|Acme=plaintiff Globex=defendant
          Globex calls Acme lawsuit baseless|ongoing|Acme=plaintiff Globex=defendant
          Globex denies claims in Acme suit|ongoing|Acme=plaintiff Globex=defendant
          Globex defends itself against Acme lawsuit|ongoing|Acme=plaintiff Globex=defendant
          Acme wants court to stop Globex from using its name|ongoing|Acme=plaintiff Globex=defendant
          Globex battles Acme in court over chip patents|ongoing|Acme=party Globex=party
          Acme, Globex lock horns in Delaware courtroom|ongoing|Acme=party Globex=party
          Acme patent suit against Globex heads to jury|ongoing|Acme=plaintiff Globex=defendant
          Jury begins deliberating in Acme v. Globex|ongoing|Acme=plaintiff Globex=defendant
          Judge sets October trial date for Acme lawsuit against Globex|ongoing|Acme=plaintiff Globex=defendant
          Delhi High Court issues notice to Globex on Acme plea|ongoing|Acme=plaintiff Globex=defendant
          Supreme Court takes up Globex copyright case|ongoing|Globex=defendant
          Globex asks court to throw out Acme suit|ongoing|Acme=plaintiff Globex=defendant
          Acme subpoenas Globex in antitrust fight|ongoing|Acme=party Globex=party
          Globex ordered to pay Acme $50 million|ruled|Acme=plaintiff Globex=defendant
          Globex ordered to pay $50 million in patent case|ruled|Globex=defendant
          Globex must pay Acme $50 million, jury says|ruled|Acme=plaintiff Globex=defendant
          Globex must pay $50 million in damages for infringing Acme patents, jury finds|ruled|Acme=plaintiff Globex=defendant
          Globex is liable for patent infringement, jury decides|ruled|Globex=defendant
          Acme wins $50 million verdict against Globex|ruled|Acme=plaintiff Globex=defendant
          Acme wins patent case against Globex|ruled|Acme=plaintiff Globex=defendant
          Acme loses bid to block Globex merger|ruled|Acme=plaintiff Globex=defendant
          Globex fails to get Acme lawsuit thrown out|ruled|Acme=plaintiff Globex=defendant
          Judge refuses to dismiss Acme's suit against Globex|ruled|Acme=plaintiff Globex=defendant
          Judge denies Globex's motion to dismiss Acme suit|ruled|Acme=plaintiff Globex=defendant
          Jury finds Globex infringed Acme patents|ruled|Acme=plaintiff Globex=defendant
          Jury clears Globex in Acme patent trial|ruled|Acme=plaintiff Globex=defendant
          Jury awards Acme $50 million in Globex patent trial|ruled|Acme=plaintiff Globex=defendant
          Judge grants Acme injunction against Globex|ruled|Acme=plaintiff Globex=defendant
          Judge blocks Globex from selling watches in Acme case|ruled|Acme=plaintiff Globex=defendant
          Judge bars Globex from using Acme's code|ruled|Acme=plaintiff Globex=defendant
          Judge orders Globex to hand over chats in Acme case|ruled|Acme=plaintiff Globex=defendant
          Appeals court revives Acme's suit against Globex|ruled|Acme=plaintiff Globex=defendant
          Appeals court upholds $50 million verdict against Globex|ruled|Globex=defendant
          Supreme Court rejects Globex appeal in Acme case|ruled|Acme=plaintiff Globex=defendant
          Supreme Court declines to hear Globex's appeal|ruled|Globex=defendant
          EU court annuls fine against Globex|ruled|Globex=defendant
          Globex loses court fight with EU over tax|ruled|EU=plaintiff Globex=defendant
          Globex prevails over Acme in patent trial|ruled|Acme=party Globex=party
          Globex found guilty of infringing Acme's patents|ruled|Acme=plaintiff Globex=defendant
          Globex cleared of infringing Acme patents|ruled|Acme=plaintiff Globex=defendant
          Globex violated antitrust law, judge rules|ruled|Globex=defendant
          Tribunal orders Globex to pay Acme $40 million|ruled|Acme=plaintiff Globex=defendant
          Acme's lawsuit against Globex can proceed, judge rules|ruled|Acme=plaintiff Globex=defendant
          Judge allows Acme suit against Globex to proceed|ruled|Acme=plaintiff Globex=defendant
          Globex must face Acme lawsuit, judge rules|ruled|Acme=plaintiff Globex=defendant
          Globex must face lawsuit over privacy, court says|ruled|Globex=defendant
          Globex handed court defeat in Acme case|ruled|Acme=plaintiff Globex=defendant
          Globex wins court battle against Acme|ruled|Acme=party Globex=party
          Delhi HC restrains Globex from using Acme trademark|ruled|Acme=plaintiff Globex=defendant
          Globex must pay €1.2bn in back taxes, EU court rules|ruled|Globex=defendant
          Appeals court tosses $200 million award against Globex|ruled|Globex=defendant
          Federal Circuit revives Acme patent claims against Globex|ruled|Acme=plaintiff Globex=defendant
          ITC judge finds Globex infringed Acme patents|ruled|Acme=plaintiff Globex=defendant
          Globex wins round in legal fight with Acme|ruled|Acme=party Globex=party
          Globex scores court victory over Acme|ruled|Acme=party Globex=party
          Globex suffers setback in Acme lawsuit|ruled|Acme=plaintiff Globex=defendant
          Judge dismisses most of Acme's lawsuit against Globex|ruled|Acme=plaintiff Globex=defendant
          Judge partly dismisses Acme suit against Globex|ruled|Acme=plaintiff Globex=defendant
          Judge dismisses part of suit against Globex|ruled|Globex=defendant
          Acme awarded $60m in arbitration with Globex|ruled|Acme=plaintiff Globex=defendant
          Globex barred from selling phones in Germany after Acme suit|ruled|Acme=plaintiff Globex=defendant
          Supreme Court won't hear Globex appeal in Acme patent case|ruled|Acme=plaintiff Globex=defendant
          Globex to pay Acme $30 million to settle patent suit|settled|Acme=plaintiff Globex=defendant
          Globex and Acme settle patent dispute|settled|Acme=party Globex=party
          Globex reaches settlement with Acme over patents|settled|Acme=plaintiff Globex=defendant
          Globex, Acme reach settlement in trade-secret case|settled|Acme=party Globex=party
          Globex agrees to $30 million settlement in Acme lawsuit|settled|Acme=plaintiff Globex=defendant
          Globex offers to settle Acme suit|settled|Acme=plaintiff Globex=defendant
          Acme and Globex end legal battle|settled|Acme=party Globex=party
          Acme, Globex bury patent feud with licence deal|settled|Acme=party Globex=party
          Acme and Globex settle out of court|settled|Acme=party Globex=party
          Globex coughs up $45m to settle Acme case|settled|Acme=plaintiff Globex=defendant
          Globex pays $45 million to resolve Acme claims|settled|Acme=plaintiff Globex=defendant
          Globex strikes settlement with Acme|settled|Acme=party Globex=party
          Acme and Globex call off legal war|settled|Acme=party Globex=party
          Judge approves Globex's $45 million settlement with users|settled|Globex=defendant
          Globex to shell out $90m to end class action|settled|Globex=defendant
          FTC, Globex reach $45 million settlement over privacy|settled|FTC=plaintiff Globex=defendant
          Court threw out Acme's case against Globex|dismissed|Acme=plaintiff Globex=defendant
          Judge throws out Initech lawsuit against Globex|dismissed|Globex=defendant Initech=plaintiff
          Globex wins dismissal of Acme suit|dismissed|Acme=plaintiff Globex=defendant
          Globex dodges Acme lawsuit|dismissed|Acme=plaintiff Globex=defendant
          Globex escapes Acme's antitrust suit|dismissed|Acme=plaintiff Globex=defendant
          Judge tosses suit accusing Globex of bias|dismissed|Globex=defendant
          Suit against Globex dismissed|dismissed|Globex=defendant
          Globex lawsuit dismissed by federal judge|dismissed|Globex=defendant
          Acme's claims against Globex thrown out|dismissed|Acme=plaintiff Globex=defendant
          Acme drops suit against Globex|dropped|Acme=plaintiff Globex=defendant
          Acme withdraws complaint against Globex|dropped|Acme=plaintiff Globex=defendant
          Acme voluntarily dismisses lawsuit against Globex|dropped|Acme=plaintiff Globex=defendant
          Acme abandons legal fight against Globex|dropped|Acme=plaintiff Globex=defendant
          Acme ends lawsuit against Globex|dropped|Acme=plaintiff Globex=defendant
          Acme to drop lawsuit against Globex after deal|dropped|Acme=plaintiff Globex=defendant
          Acme will drop its lawsuit against Globex|dropped|Acme=plaintiff Globex=defendant
          Acme agrees to drop case against Globex as part of deal|dropped|Acme=plaintiff Globex=defendant
          Acme ditches lawsuit against Globex|dropped|Acme=plaintiff Globex=defendant
          Acme pulls plug on Globex lawsuit|dropped|Acme=plaintiff Globex=defendant
          Globex appeals $50 million verdict in Acme case|appealed|Acme=plaintiff Globex=defendant
          Globex to appeal ruling in Acme case|appealed|Acme=plaintiff Globex=defendant
          Globex asks Supreme Court to overturn Acme verdict|appealed|Acme=plaintiff Globex=defendant
          Globex moves Supreme Court against tribunal order|appealed|Globex=defendant
          Globex challenges fine in EU court|appealed|Globex=defendant
          """)
  void aHeadlineTellsStatusAndRoles(String headline, String status, String parties) {
    List<Event> events = tagger.tag(headline, null, null, DAY);

    assertThat(events).extracting(Event::type).containsExactly(EventType.LITIGATION);
    assertThat(events.get(0).status().label()).isEqualTo(status);
    assertThat(roles(events.get(0))).containsExactlyInAnyOrder(parties.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          Acme launches new phone with case against drops
          Acme suits up for spring with new collection
          Acme opens tennis court at headquarters
          Acme pays $3 billion for Globex
          Regulator opens investigation into Globex
          EU fines Globex €200 million over privacy
          Globex under investigation by FTC over data
          Acme begins clinical trial of drug
          Acme wins $3 billion contract from Navy
          Acme beats Globex in quarterly sales
          Man charged with hacking Globex
          Judge sentences Globex founder to 12 years in prison
          Former Globex engineer pleads guilty to theft
          Acme says it has not sued Globex
          Acme settles on new design for headquarters
          Globex loses 4% after results
          Globex shareholders approve merger with Acme
          Acme to challenge Globex in phones
          Battle of the phones: Acme vs Globex
          Acme appeals to buyers with lower price
          Globex makes the case for smaller chips
          Acme orders 500 planes from Globex
          Judge a phone by its camera: Acme review
          Acme defends market share against Globex
          Acme drops prices as Globex rivalry heats up
          Acme takes aim at Globex with new tablet
          Acme files patent for folding phone
          Acme files for IPO
          FDA clears Acme heart monitor
          EU approves Globex takeover of Initech
          FTC approves final order with Globex
          Acme launches legal assistant for lawyers
          The best laptop cases for 2025
          Acme to go on trial run with Globex robots
          Use case: how Globex runs on Acme
          Globex complains about slow sales
          Acme slams Globex for poor security
          Police charge man over theft at Globex store
          Senate committee hears testimony from Globex chief
          Globex chief testifies before Congress
          Acme rules out bid for Globex
          Acme accuses Globex of copying its design
          Customers demand refunds from Globex
          Globex hit with outage
          Globex faces backlash over price rise
          Acme fights back with new chip
          Judge's phone stolen at Acme store
          Jury duty: how to get out of it
          Acme wins appeal among gamers
          Globex claims record speed for its chip
          Acme claims victory in console war against Globex
          Globex charged $2 billion for restructuring
          Acme is trying a new battery with Globex
          The verdict: Acme's new car is a hit
          Acme phone review verdict: great camera
          Acme settles debt with bonds
          New law would let users sue Globex
          Senators want power to sue social networks such as Globex
          Acme issues order for 40 jets
          Globex wins ruling party backing
          Acme charges into cloud market with Globex
          Globex fights for market share with new tablet
          Acme's case for cheaper chips
          Globex trial users get three free months
          Acme opens proceedings at annual conference
          Why Acme is winning the appeal of young buyers
          Globex considers action on carbon
          Acme makes order of 300 Globex trucks
          Acme blocks Globex ads in its app
          Globex bars staff from using Acme chatbot
          Globex forced to close store after flood
          Acme moves headquarters to Dublin
          Globex wins approval for plant
          Acme wins bid for Globex unit
          Acme drops Globex as supplier
          Acme withdraws bid for Globex
          Globex abandons plan for Acme tie-up
          Globex settles for second place
          Acme takes Globex to school in benchmark test
          Government orders review of Globex takeover
          Lawmakers grill Globex chief over data
          Globex stands accused of greenwashing by activists
          Globex rejects Acme's $4 billion offer
          Acme claims its robot beats Globex model
          Acme brings new features to Globex phones
          Court TV launches on Globex
          Acme acquires legal software firm Globex
          Food court operator Acme leases space
          Globex hearing aid gets approval
          Acme hearing tests come to Globex stores
          Charges for Globex plan to rise in May
          Globex adds case management to Acme suite
          Acme suite of tools comes to Globex
          Globex agrees to pay $3 billion for Acme
          Globex to pay Acme $200 million a year for search
          Police arrest man over threats to Globex
          Ex-Globex manager jailed for insider trading
          Globex fined £2m by watchdog
          Regulator drops probe into Globex
          Globex cleared to buy Acme by regulators
          Globex and Acme bury rivalry with joint venture
          Acme ends dispute with union over pay
          Globex workers end strike
          """)
  void wordsOfTheLawInOtherMattersAreNoSuit(String headline) {
    assertThat(tagger.tag(headline, null, null, DAY)).isEmpty();
  }

  @Test
  void twoHeadlinesOfOneSuitGiveTheSamePartiesAndStatus() {
    same(
        "Judge dismisses part of Acme's lawsuit against Globex",
        "Court tosses some of Acme's claims against Globex");
    same("Acme sues Globex over scraped articles", "Acme files copyright lawsuit against Globex");
    same("Globex sued by Acme", "Acme takes Globex to court");
  }

  @Test
  void aSuitAndItsEndDifferInStatusAlone() {
    Event filed = only("Acme sues Globex over scraped articles", null, null);
    Event settled = only("Acme settles lawsuit with Globex over scraped articles", null, null);

    assertThat(filed.status()).isEqualTo(Status.FILED);
    assertThat(settled.status()).isEqualTo(Status.SETTLED);
    assertThat(names(settled)).isEqualTo(names(filed));
  }

  @Test
  void anotherPlaintiffIsAnotherSuit() {
    assertThat(names(only("Acme sues Globex over scraped articles", null, null)))
        .isNotEqualTo(names(only("Initech sues Globex over scraped articles", null, null)));
  }

  @Test
  void whoIsNamedBelowAHeadlineWithoutNamesIsTheParty() {
    Event event =
        only(
            "Chip designer takes former partner to court",
            null,
            "LONDON - Acme has sued Globex, a maker of sensors, for $30 million. The suit says that"
                + " drawings were copied. Judge Mary Stone will hear it in May.");

    assertThat(roles(event)).containsExactlyInAnyOrder("Acme=plaintiff", "Globex=defendant");
    assertThat(event.amount()).isEqualTo(new Amount(new BigDecimal(30000000), "USD"));
  }

  @Test
  void aHeadlineThatSpeaksOfATruceIsReadWithItsLead() {
    Event event =
        only(
            "Acme and Globex call truce",
            "The two told a court that their patent suit is over.",
            null);

    assertThat(event.status()).isEqualTo(Status.SETTLED);
    assertThat(roles(event)).containsExactlyInAnyOrder("Acme=party", "Globex=party");
  }

  @Test
  void anOlderSuitOfTheSameDefendantIsAnotherEvent() {
    List<Event> events =
        tagger.tag(
            "Acme sues Globex over patents",
            null,
            "Acme has sued Globex in Delaware. Globex was sued by Initech last year.",
            DAY);

    assertThat(events).filteredOn(each -> !each.background()).hasSize(1);
    assertThat(names(events.get(0))).containsExactlyInAnyOrder("Acme", "Globex");
  }

  @Test
  void judgesCourtsAndWitnessesAreNoParties() {
    Event event =
        only(
            "Acme v. Globex: judge hears closing arguments",
            "District Judge Mary B. Stone heard lawyers for Acme in the High Court.",
            null);

    assertThat(roles(event)).containsExactlyInAnyOrder("Acme=plaintiff", "Globex=defendant");
  }

  private static void same(String one, String other) {
    assertThat(roles(only(one, null, null))).isEqualTo(roles(only(other, null, null)));
    assertThat(only(one, null, null).status()).isEqualTo(only(other, null, null).status());
  }

  private static Event only(String headline, String summary, String body) {
    List<Event> events = tagger.tag(headline, summary, body, DAY);
    assertThat(events).as(headline).hasSize(1);
    return events.get(0);
  }

  private static List<String> names(Event event) {
    return event.parties().stream().map(Party::name).sorted().toList();
  }

  private static List<String> roles(Event event) {
    return event.parties().stream()
        .map(party -> party.name().replace(' ', '_') + "=" + party.role().label())
        .sorted()
        .toList();
  }
}
