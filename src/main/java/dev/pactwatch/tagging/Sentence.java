package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Alias;
import dev.pactwatch.lexicon.Entry;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.text.Tokens;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;

/** One sentence: the names in it, how they are grouped, and where its clauses end. */
final class Sentence {

  /** How far a preposition may stand before a name, over articles and descriptions. */
  private static final int REACH = 6;

  /** Longest description between commas after a name, in tokens. */
  private static final int ASIDE = 14;

  /** Longest insertion in brackets that does not end a clause, in tokens. */
  private static final int INSERTION = 6;

  final Passage passage;
  final Tokens tokens;
  final int from;
  final int to;

  /** Which sentence of its passage, from 0. */
  final int number;

  final boolean headline;
  final boolean titleCase;

  /** In the order of the text. */
  final Mention[] mentions;

  private int found;

  /** Cues of the sentences that are read together with this one. */
  long around;

  private long all;
  private long cues;
  private final int text;
  private final int against;
  private final Lexicon lexicon;
  private final Classes classes;

  /** Null where nobody asks what words refer to. */
  private final References references;

  /** See {@link Passage#sentence}. */
  Sentence(
      Passage passage,
      int number,
      Lexicon lexicon,
      Classes classes,
      References references,
      LocalDate day) {
    this.passage = passage;
    this.tokens = passage.tokens;
    this.number = number;
    this.from = tokens.sentence(number);
    this.to = tokens.sentence(number + 1);
    this.headline = passage.field.equals("headline");
    this.lexicon = lexicon;
    this.classes = classes;
    this.references = references;
    this.titleCase = titleCase();
    this.text = dateline();
    this.against = classes.against;
    listed(day);
    others();
    mentions = inOrder();
    relate();
    group();
    all = passage.classes(from, to);
    cues = passage.cues(from, to);
  }

  /** All classes of words in the sentence. */
  long all() {
    return all;
  }

  /** All themes in the sentence. */
  long themes() {
    return passage.themes(from, to);
  }

  /** All cues in the sentence. */
  long cues() {
    return cues;
  }

  /** First token after a dateline: "PARIS - ", "AUSTIN, Texas, October 22, 2024 - ". */
  private int dateline() {
    if (headline || !tokens.is(from, Tokens.NEW_LINE)) {
      return from;
    }
    if (!tokens.is(from, Tokens.ALL_CAPITALS)) {
      for (int i = from + 1; i < Math.min(to, from + 3) && tokens.is(from, Tokens.CAPITAL); i++) {
        if (from == 0 && tokens.first(i) == ':') {
          return i + 1;
        }
      }
      return from;
    }
    for (int i = from; i < Math.min(to, from + 14); i++) {
      char c = tokens.first(i);
      if (tokens.is(i, Tokens.SIGN)
          && !tokens.is(i, Tokens.GLUED)
          && (c == '-' || c == '\u2014' || c == '|')) {
        return i + 1;
      }
      if (c == ':' && i < from + 4) {
        return i + 1;
      }
    }
    return from;
  }

  private boolean titleCase() {
    int capital = 0;
    int lower = 0;
    for (int i = from; i < to; i++) {
      if (tokens.is(i, Tokens.WORD) && tokens.length(i) > 3) {
        if (tokens.is(i, Tokens.CAPITAL)) {
          capital++;
        } else if (!tokens.is(i, Tokens.INNER_CAPITAL)) {
          lower++;
        }
      }
    }
    return capital >= 3 && capital > 2 * lower;
  }

  // ---- names ----------------------------------------------------------------------------------

  private void listed(LocalDate day) {
    int covered = text;
    int hit = passage.firstHit(text);
    while (hit < passage.hits && passage.hitFrom[hit] < to) {
      int start = passage.hitFrom[hit];
      Entry.Named best = null;
      int end = start;
      for (; hit < passage.hits && passage.hitFrom[hit] == start; hit++) {
        if (passage.hitEntry(hit) instanceof Entry.Named named
            && start >= covered
            && passage.hitTo[hit] > end
            && passage.hitTo[hit] <= to
            && !priced(start)
            && !(passage.hitTo[hit] == start + 1 && surname(start))
            && accepts(named, start, passage.hitTo[hit], day)) {
          best = named;
          end = passage.hitTo[hit];
        }
      }
      if (best != null && best.organisation().kind().equals("court")) {
        covered = end;
        for (int i = start; i < end; i++) {
          passage.classes[i] |= classes.court;
        }
      } else if (best != null) {
        // "Zibbo Systems" where the list has "Zibbo"
        while (end < to
            && !best.organisation().kind().equals("government")
            && passage.is(end, classes.nameEnd)
            && tokens.is(end, Tokens.CAPITAL)
            && !titleCase) {
          end++;
        }
        covered = end;
        Mention mention = new Mention(start, end, best.organisation(), best.alias(), false);
        add(mention);
      }
    }
  }

  /** "Zibbo Wynn": the last word of a name that no list has, and not the listed one. */
  private boolean surname(int at) {
    return !titleCase
        && at > text
        && passage.classes[at - 1] == 0
        && tokens.is(at - 1, Tokens.CAPITAL)
        && !tokens.is(at - 1, Tokens.ALL_CAPITALS)
        && !starts(at - 1)
        && !hasAnchor(at - 1)
        && mentionAt(at - 1) == null;
  }

  private boolean accepts(Entry.Named named, int start, int end, LocalDate day) {
    Alias alias = named.alias();
    if (!alias.holds(day)) {
      return false;
    }
    String text = alias.text();
    switch (alias.letters()) {
      case EXACT -> {
        if (!tokens.text(start, end).equals(text)) {
          return false;
        }
      }
      case CAPS -> {
        for (int i = start; i < end; i++) {
          if (tokens.is(i, Tokens.WORD) && !tokens.is(i, Tokens.ALL_CAPITALS)) {
            return false;
          }
        }
      }
      case FOLD -> {}
      case NAME -> {
        if (!nameLike(text, start, end)) {
          return false;
        }
      }
    }
    if (!alias.needs().isEmpty() && !holdsAny(alias.needs())) {
      return false;
    }
    if (!alias.not().isEmpty() && holdsAny(alias.not())) {
      return false;
    }
    return end - start > 1 || !named.organisation().word() || guarded(start);
  }

  private boolean nameLike(String text, int start, int end) {
    char first = text.charAt(0);
    if (!Character.isUpperCase(first)) {
      return true;
    }
    boolean acronym = end - start == 1 && text.length() <= 4 && acronym(text);
    if (acronym) {
      return tokens.is(start, Tokens.ALL_CAPITALS);
    }
    return tokens.is(start, Tokens.CAPITAL | Tokens.ALL_CAPITALS)
        || tokens.is(start, Tokens.INNER_CAPITAL);
  }

  /** Several letters, all of them capitals: "G42" is spelled like any name. */
  private static boolean acronym(String text) {
    int capitals = 0;
    for (int i = 0; i < text.length(); i++) {
      if (Character.isLowerCase(text.charAt(i))) {
        return false;
      }
      capitals += Character.isUpperCase(text.charAt(i)) ? 1 : 0;
    }
    return capitals > 1;
  }

  private boolean holdsAny(List<String> words) {
    for (String word : words) {
      int id = lexicon.vocabulary().find(dev.pactwatch.text.Fold.of(word));
      for (int i = 0; id >= 0 && i < tokens.size(); i++) {
        if (tokens.word(i) == id) {
          return true;
        }
      }
    }
    return false;
  }

  /** A name that is a word as well: in a title it must not stand where a verb or noun would. */
  private boolean guarded(int at) {
    if (!tokens.is(at, Tokens.CAPITAL)) {
      return false;
    }
    int before = at - 1;
    if (before >= from && passage.is(before, classes.article)) {
      return false;
    }
    boolean commanding = at == from && at + 1 < to && passage.is(at + 1, classes.article);
    if (commanding) {
      return false;
    }
    if (!titleCase || before < from) {
      return true;
    }
    return !tokens.is(before, "to") && !passage.is(before, classes.auxiliary | classes.negation);
  }

  /** While the sentence is being made: the mentions that are known so far. */
  Mention[] madeSoFar() {
    return passage.found(found);
  }

  /** First token of the text itself: what stands before tells where and when. */
  int text() {
    return text;
  }

  private void others() {
    int i = text;
    while (i < to) {
      if (mentionAt(i) != null) {
        i++;
        continue;
      }
      int end = i;
      while (end < to && mentionAt(end) == null && part(end, i)) {
        end++;
      }
      while (end > i && tokens.is(end - 1, Tokens.SIGN)) {
        end--;
      }
      if (end > i && name(i, end)) {
        add(new Mention(i, end, null, null, false));
        i = end;
      } else {
        Mention reference = end > i || references == null ? null : references.at(this, i);
        if (reference != null) {
          add(reference);
          end = reference.to;
        } else if (end == i && passage.is(i, classes.people)) {
          add(new Mention(i, i + 1, null, null, true));
        }
        i = Math.max(end, i + 1);
      }
    }
  }

  /** True where a token can belong to the name that starts at {@code start}. */
  private boolean part(int i, int start) {
    if (tokens.is(i, Tokens.SIGN)) {
      char c = tokens.first(i);
      boolean glued = tokens.is(i, Tokens.GLUED) && i + 1 < to && tokens.is(i + 1, Tokens.GLUED);
      return i > start
          && i + 1 < to
          && tokens.is(i + 1, Tokens.CAPITAL | Tokens.NUMBER)
          && (c == '&' || (c == '-' && glued));
    }
    if (tokens.is(i, Tokens.NUMBER)) {
      return i + 1 < to
          && tokens.is(i + 1, Tokens.GLUED)
          && tokens.is(i + 1, Tokens.WORD)
          && tokens.length(i + 1) > 3
          && !passage.is(i + 1, classes.ordinary);
    }
    if (i > start && tokens.is(i, Tokens.GLUED) && tokens.is(i - 1, Tokens.NUMBER)) {
      return true;
    }
    if (!tokens.is(i, Tokens.CAPITAL | Tokens.INNER_CAPITAL)) {
      return false;
    }
    if (tokens.is(i, Tokens.GLUED)
        && i > from
        && tokens.is(i - 1, Tokens.NUMBER)
        && lexicon.magnitude(tokens.folded(i)) != null) {
      return false;
    }
    if (i > start && passage.is(i, classes.nameTail) && !titleCase) {
      return true;
    }
    // "Zibbo AI"
    if (i > start
        && passage.is(i, classes.nameEnd)
        && tokens.is(i, Tokens.CAPITAL)
        && !tokens.is(i - 1, Tokens.SIGN)) {
      return !titleCase || tokens.is(i, Tokens.ALL_CAPITALS) || (i + 1 < to && hasFinite(i + 1));
    }
    long fixed =
        classes.preposition
            | classes.conjunction
            | classes.article
            | classes.calendar
            | classes.auxiliary
            | classes.be
            | classes.have
            | classes.never
            | classes.nationality
            | classes.cut
            | classes.negation;
    if (passage.is(i, fixed)
        || (i == start
            && passage.is(i, classes.strongCloud | classes.firstRefusal | classes.dealObject))) {
      return false;
    }
    boolean shout = tokens.is(i, Tokens.INNER_CAPITAL | Tokens.HAS_DIGIT);
    if (passage.is(i, classes.judge)) {
      return false;
    }
    if (!titleCase && i == start && opensName(i)) {
      return true;
    }
    if (titleCase || starts(i)) {
      return shout || !plain(i);
    }
    return i > start || !passage.is(i, classes.court | classes.title | classes.people);
  }

  /** "Bear Creek said": an ordinary word that begins a sentence and a name. */
  private boolean opensName(int i) {
    return i + 1 < to
        && passage.classes[i] == classes.ordinary
        && !hasAnchor(i)
        && tokens.is(i + 1, Tokens.CAPITAL)
        && !tokens.is(i + 1, Tokens.ALL_CAPITALS)
        && (passage.classes[i + 1] & ~classes.ordinary) == 0
        && mentionAt(i + 1) == null;
  }

  /** "Acme's Surface Book 3": a capital where none is due makes a name of what could be a verb. */
  boolean named(int i) {
    return !titleCase
        && !starts(i)
        && tokens.is(i, Tokens.CAPITAL)
        && !tokens.is(i, Tokens.ALL_CAPITALS);
  }

  /** True where a capital tells nothing: first in the sentence, after a colon or a quote. */
  private boolean starts(int i) {
    if (tokens.is(i, Tokens.FIRST) || i == from) {
      return true;
    }
    char before = tokens.first(i - 1);
    return tokens.is(i - 1, Tokens.SIGN)
        && (before == ':'
            || before == '"'
            || (before == '\'' && !isPossessive(i - 1))
            || before == '\u2014'
            || (before == '-' && !tokens.is(i - 1, Tokens.GLUED))
            || before == '\u2022');
  }

  /** True where the word without its ending is ordinary: "heralds", "settled". */
  private boolean inflected(int i) {
    int n = tokens.length(i);
    if (n <= 4) {
      return false;
    }
    return switch (tokens.last(i)) {
      case 's' ->
          ordinary(i, 1)
              || (ends(i, "es") && ordinary(i, 2))
              || (ends(i, "ies") && ordinary(tokens.folded(i).substring(0, n - 3) + "y"));
      case 'd' -> ordinary(i, 1) || (ends(i, "ed") && ordinary(i, 2));
      case 'g' -> ends(i, "ing") && ordinary(i, 3);
      case 'y' -> ends(i, "ly") && ordinary(i, 2);
      case 'r' -> ordinary(i, 1) || (ends(i, "er") && ordinary(i, 2));
      default -> false;
    };
  }

  private boolean ordinary(String word) {
    return ordinary(lexicon.vocabulary().find(word));
  }

  private boolean ordinary(int token, int dropped) {
    return ordinary(tokens.find(token, dropped));
  }

  private boolean ordinary(int word) {
    return (lexicon.classes(word) & classes.ordinary) != 0;
  }

  /** An ordinary word, also by its ending. */
  private boolean plain(int i) {
    if (passage.classes[i] != 0 || hasAnchor(i)) {
      return true;
    }
    if (tokens.is(i, Tokens.ALL_CAPITALS) && tokens.length(i) <= 5) {
      return false;
    }
    if (inflected(i)) {
      return true;
    }
    int n = tokens.length(i);
    return n > 6
        && (ends(i, "ing")
            || ends(i, "ize")
            || ends(i, "izes")
            || ends(i, "ise")
            || ends(i, "ises")
            || ends(i, "ity")
            || ends(i, "ities")
            || ends(i, "ance")
            || ends(i, "ence")
            || ends(i, "ism")
            || ends(i, "less")
            || ends(i, "ful")
            || ends(i, "ical")
            || ends(i, "ably")
            || ends(i, "sion")
            || ends(i, "sions")
            || ends(i, "tion")
            || ends(i, "tions")
            || ends(i, "ment")
            || ends(i, "ments")
            || ends(i, "ness")
            || ends(i, "ally")
            || ends(i, "able")
            || ends(i, "ious")
            || ends(i, "ized")
            || ends(i, "ised"));
  }

  private boolean hasAnchor(int token) {
    return (passage.anchorAt(token) & Passage.SINGLE) != 0;
  }

  /** True for a word that a rule knows as a verb and not as a noun: "settle". */
  private boolean hasVerb(int token) {
    return (passage.anchorAt(token) & (Passage.NOUN | Passage.FINITE)) == Passage.FINITE;
  }

  /** True for a word that a rule knows as a verb, "leases", and that reads as one here. */
  private boolean hasFinite(int token) {
    return (passage.anchorAt(token) & Passage.THIRD) != 0;
  }

  private boolean ends(int token, String suffix) {
    int more = tokens.length(token) - suffix.length();
    if (more < 0) {
      return false;
    }
    for (int i = suffix.length() - 1; i >= 0; i--) {
      if (tokens.charAt(token, more + i) != suffix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean name(int start, int end) {
    int before = start - 1;
    while (before > from
        && (tokens.first(before) == '.' || tokens.length(before) == 1)
        && !passage.is(before, classes.article | classes.versus)) {
      before--; // an initial: "Judge P. Casey"
    }
    if (before >= from && passage.is(before, classes.court | classes.judge)) {
      return false;
    }
    if (before >= from
        && passage.is(before, classes.title)
        && end - start == 1
        && tokens.is(start, Tokens.ALL_CAPITALS)) {
      return false;
    }
    if (end - start == 1
        && plain(start)
        && (titleCase || !passage.is(start - 1, classes.carry))
        && !tokens.is(start, Tokens.INNER_CAPITAL | Tokens.ALL_CAPITALS)) {
      return false;
    }
    if (end - start == 1 && (model(start) || contracted(start))) {
      return false;
    }
    if ((end - start == 1 && sumOfMoney(start))
        || !tokens.is(start, Tokens.CAPITAL | Tokens.NUMBER)) {
      return false;
    }
    boolean letters = false;
    for (int i = start; i < end; i++) {
      letters |= tokens.is(i, Tokens.WORD) && tokens.length(i) > 1;
    }
    return letters;
  }

  /** "H200s", "GB300": the number of a model, no name of anybody. */
  private boolean model(int token) {
    int n = tokens.length(token);
    int letters = 0;
    while (letters < n && Character.isLetter(tokens.charAt(token, letters))) {
      letters++;
    }
    int digits = letters;
    while (digits < n && Character.isDigit(tokens.charAt(token, digits))) {
      digits++;
    }
    return letters > 0
        && letters <= 3
        && digits > letters
        && (digits == n || (digits == n - 1 && tokens.charAt(token, digits) == 's'));
  }

  /** "We've": no name. */
  private boolean contracted(int token) {
    int n = tokens.length(token);
    for (int i = 1; i < n - 1; i++) {
      if (tokens.charAt(token, i) == '\'') {
        return i <= 4 && n - i <= 3 && !tokens.is(token, Tokens.INNER_CAPITAL);
      }
    }
    return false;
  }

  /** "$3m": a sum, however a company spells its name. */
  private boolean priced(int token) {
    return token > from
        && tokens.is(token, Tokens.HAS_DIGIT)
        && tokens.is(token - 1, Tokens.SIGN)
        && lexicon.currency(tokens.folded(token - 1)) != null;
  }

  /** "Rs", and "R150m" written as one word. */
  private boolean sumOfMoney(int token) {
    if (lexicon.currency(tokens.folded(token)) != null) {
      return true;
    }
    int letters = 0;
    int n = tokens.length(token);
    while (letters < n && !Character.isDigit(tokens.charAt(token, letters))) {
      letters++;
    }
    int digits = letters;
    while (digits < n && Character.isDigit(tokens.charAt(token, digits))) {
      digits++;
    }
    return letters < 3
        && digits > letters + 1
        && digits < n
        && lexicon.magnitude(tokens.folded(token).substring(digits)) != null;
  }

  // ---- how names relate -----------------------------------------------------------------------

  /** "over its Globex exclusivity": the name tells which exclusivity, and does nothing itself. */
  private boolean ofExclusivity(Mention mention, int after) {
    return mention.from > from
        && after < to
        && passage.is(after, classes.exclusive)
        && (after + 1 == to
            || tokens.is(after + 1, Tokens.SIGN)
            || passage.is(after + 1, classes.preposition | classes.conjunction));
  }

  private void relate() {
    for (int k = 0; k < mentions.length; k++) {
      Mention mention = mentions[k];
      int after = mention.to;
      if (after < to && isPossessive(after)) {
        mention.possessive = true;
        after++;
      }
      Mention following = k + 1 < mentions.length ? mentions[k + 1] : null;
      if (following != null && !following.unnamed && mention.possessive) {
        // "Acme's Globex": the owned name is meant
        boolean describes =
            following.unlisted()
                && headed(following.to, classes.suit | classes.feud | classes.dealObject);
        if (!describes && onlyDescribes(after, following.from)) {
          mention.dropped = true;
        }
      }
      if (following != null && following.unnamed && onlyDescribes(after, following.from)) {
        mention.modifier = true;
      } else if (!mention.possessive
          && (headed(after, classes.title) || ofExclusivity(mention, after))) {
        mention.modifier = true;
      }
      mention.ofLawyer = mention.modifier && !mention.possessive && headed(after, classes.lawyer);
      if (!mention.possessive) {
        mention.ofFeud = headed(after, classes.feud) && !headed(after, classes.suit);
        mention.attributive = headed(after, classes.nounHead | classes.feud);
        mention.ofDeal = headed(after, classes.dealObject | classes.strongCloud | classes.unit);
      }
      mention.ofSuit = ofSuit(after);
      boolean newspaper =
          mention.organisation != null && mention.organisation.kind().equals("media");
      // "... over patents - Springfield Times"
      boolean source =
          headline
              && after == to
              && newspaper
              && mention.from > from
              && !tokens.is(mention.from - 1, Tokens.GLUED)
              && (tokens.first(mention.from - 1) == '-'
                  || tokens.first(mention.from - 1) == '\u2014'
                  || tokens.first(mention.from - 1) == '|');
      if (source) {
        mention.dropped = true;
      }
      boolean ofCourt =
          (headed(after, classes.court) || onBench(after))
              && (mention.authority() || mention.place() || mention.unlisted());
      boolean where =
          after + 1 < to && tokens.first(after) == '-' && passage.is(after + 1, classes.based);
      if (where || (mention.unlisted() && passage.is(after, classes.judge))) {
        mention.dropped = true;
      }
      boolean quoted =
          mention.unlisted()
              && passage.is(mention.from - 1, classes.title)
              && passage.is(mention.from - 2, classes.quote);
      if (quoted) {
        mention.dropped = true;
      }
      boolean inside =
          mention.place()
              && mention.possessive
              && (lexicon.classes(preposition(mention.from)) & classes.toward) == 0;
      if (inside || ofCourt || sourced(mention.from)) {
        mention.dropped = true;
      }
      // ", Acme said", ", the Springfield Times reported on Monday"
      int comma = mention.from - 1;
      while (comma > from && passage.is(comma, classes.article)) {
        comma--;
      }
      if (comma >= from
          && tokens.first(comma) == ','
          && after < to
          && passage.is(after, classes.quote)
          && (newspaper || after + 2 >= to)) {
        mention.dropped = true;
      }
      if (mention.from > from
          && tokens.first(mention.from - 1) == '('
          && after < to
          && tokens.first(after) == ':') {
        mention.dropped = true;
      }
      if (k > 0) {
        explain(mentions[k - 1], mention);
      }
      mention.aside = aside(mention.to);
      for (int j = k + 1; j < mentions.length && mentions[j].from < mention.aside; j++) {
        mentions[j].dropped = true;
      }
    }
    for (Mention mention : mentions) {
      mention.preposition = preposition(mention.from);
      mention.attributive |= mention.place() && mention.preposition >= 0 && lower(mention.to);
    }
  }

  /** The comma that closes ", a maker of chips," after a name, or 0. */
  private int aside(int comma) {
    if (comma + 2 >= to || tokens.first(comma) != ',' || !passage.is(comma + 1, classes.article)) {
      return 0;
    }
    for (int i = comma + 2; i < Math.min(to, comma + ASIDE); i++) {
      if (tokens.is(i, Tokens.SIGN) && tokens.first(i) == ',') {
        return i;
      }
      if (passage.is(i, classes.be | classes.have | classes.auxiliary) || cuts(i)) {
        return 0;
      }
    }
    return 0;
  }

  /** "U.S. District Judge": a court stands behind one more capitalised word. */
  private boolean onBench(int after) {
    return after + 1 < to
        && tokens.is(after, Tokens.CAPITAL)
        && mentionAt(after) == null
        && !hasAnchor(after)
        && tokens.is(after + 1, Tokens.CAPITAL)
        && passage.is(after + 1, classes.court | classes.judge);
  }

  /** "according to X": who tells of it. */
  private boolean sourced(int start) {
    return passage.is(start - 1, classes.source) || passage.is(start - 2, classes.source);
  }

  /** True before "patent suit", over at most a few words that are no verbs. */
  private boolean ofSuit(int after) {
    long stops = classes.preposition | classes.be | classes.have | classes.auxiliary | classes.cut;
    for (int i = after; i < Math.min(to, after + 5); i++) {
      if (passage.is(i, classes.suit)) {
        return true;
      }
      if (passage.is(i, stops)
          || (tokens.is(i, Tokens.SIGN) && tokens.first(i) != '-' && tokens.first(i) != '\'')
          || hasVerb(i)
          || (listedAt(i) && (i == after || tokens.first(i - 1) != '-'))) {
        return false;
      }
    }
    return false;
  }

  /** "a Delhi conference": the name tells which. */
  boolean describes(Mention mention) {
    return lower(mention.to) && passage.is(mention.from - 1, classes.article);
  }

  /** True for a word that can only be a noun behind "against Texas": "against Texas retailer". */
  boolean lower(int i) {
    long others =
        classes.preposition
            | classes.conjunction
            | classes.cut
            | classes.auxiliary
            | classes.be
            | classes.have
            | classes.adverb
            | classes.calendar;
    return i < to
        && tokens.is(i, Tokens.WORD)
        && !tokens.is(i, Tokens.CAPITAL | Tokens.ALL_CAPITALS)
        && !passage.is(i, others)
        && !cuts(i)
        && !hasFinite(i);
  }

  /** True where a noun of these classes follows, over at most two words that describe it. */
  private boolean headed(int after, long heads) {
    if (after < to && (hasFinite(after) || passage.is(after, classes.verbLike))) {
      return false;
    }
    for (int i = after; i < Math.min(to, after + 3); i++) {
      if ((tokens.is(i, Tokens.SIGN) && tokens.first(i) != '-')
          || (mentionAt(i) != null && !mentionAt(i).unnamed)) {
        return false;
      }
      if (passage.is(i, heads)) {
        return true;
      }
      if (!passage.is(i, classes.descriptor | classes.nationality)
          && tokens.first(i) != '-'
          && !passage.is(i, classes.exclusive | classes.preferred)
          && !tokens.is(i, Tokens.NUMBER)) {
        return false;
      }
    }
    return false;
  }

  /** Drops a name that only explains the one before it. */
  private void explain(Mention first, Mention second) {
    int gap = second.from - first.to;
    // "Acme (ACM)", "Acme (NYSE: ACM)"
    boolean insertion = gap >= 1 && gap <= 3 && tokens.is(first.to, "(");
    boolean inside = gap == 1 && first.from > from && tokens.first(first.from - 1) == '(';
    if ((insertion && gap == 1)
        || ((insertion || inside) && tokens.first(second.from - 1) == ':')) {
      second.dropped = true;
      return;
    }
    if (first.unnamed && !second.unnamed && gap == 0) {
      first.dropped = true;
      return;
    }
    boolean comma = gap >= 1 && tokens.is(first.to, ",");
    if (!comma || !onlyDescribes(first.to + 1, second.from)) {
      return;
    }
    if (second.to < to && isPossessive(second.to)) {
      for (int i = second.to + 1; i < Math.min(to, second.to + 5); i++) {
        if (passage.is(i, classes.unit)) {
          second.dropped = true;
          return;
        }
      }
    }
  }

  private boolean onlyDescribes(int start, int end) {
    if (end - start > REACH) {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (!passage.is(i, classes.descriptor | classes.article | classes.nationality | classes.title)
          && !tokens.is(i, Tokens.NUMBER)
          && !(tokens.first(i) == '-' && tokens.is(i, Tokens.GLUED))) {
        return false;
      }
    }
    return true;
  }

  /** True where only words that describe stand from one token to before another. */
  boolean describes(int start, int end) {
    return end > start && onlyDescribes(start, end);
  }

  /**
   * A name that tells where: "near Springfield", "its Springfield campus". A listed organisation
   * that is no place is none.
   */
  boolean located(Mention mention) {
    if (mention.unnamed || (mention.organisation != null && !mention.place())) {
      return false;
    }
    boolean place = place(mention);
    boolean office =
        mention.to < to && !mention.possessive && passage.cue(mention.to, classes.office);
    if (office) {
      return false;
    }
    int before = mention.from - 1;
    while (before >= from
        && passage.is(before, classes.article | classes.descriptor | classes.nationality)) {
      before--;
    }
    boolean at =
        mention.unlisted()
            && !mention.possessive
            && before >= from
            && tokens.length(before) == 2
            && tokens.first(before) == 'a'
            && tokens.last(before) == 't';
    boolean in = at || (before >= from && passage.cue(before, classes.locative));
    boolean site = mention.to < to && passage.cue(mention.to, classes.site);
    return in || site || (place && mention.organisation == null && !mention.possessive);
  }

  /** True for the name of a place that no list has as a government. */
  boolean placeName(Mention mention) {
    return mention.unlisted() && place(mention);
  }

  private boolean place(Mention mention) {
    boolean place = true;
    for (int i = mention.from; i < mention.to; i++) {
      place &= passage.cue(i, classes.place) || tokens.is(i, Tokens.SIGN);
    }
    return place;
  }

  boolean isPossessive(int token) {
    return tokens.is(token, Tokens.SIGN)
        && tokens.is(token, Tokens.GLUED)
        && tokens.first(token) == '\''
        && (tokens.length(token) == 2 || tokens.last(token - 1) == 's');
  }

  private int preposition(int start) {
    boolean described = false;
    for (int i = start - 1; i >= Math.max(from, start - REACH - 1); i--) {
      if (passage.is(i, classes.versus)) {
        return against;
      }
      if (passage.is(i, classes.preposition)) {
        return tokens.word(i);
      }
      boolean skip =
          passage.is(i, classes.descriptor | classes.article | classes.nationality | classes.title)
              || tokens.is(i, Tokens.NUMBER)
              || tokens.first(i) == '-'
              || tokens.first(i) == '"'
              || (tokens.first(i) == '.' && passage.is(i - 1, classes.versus))
              || (tokens.first(i) == '\'' && tokens.length(i) == 1);
      described |= passage.is(i, classes.descriptor);
      boolean noun =
          described
              && tokens.is(i, Tokens.WORD)
              && !hasAnchor(i)
              && mentionAt(i) == null
              && !passage.is(i, classes.auxiliary | classes.be | classes.have | classes.cut);
      if (!skip && !noun && !owner(i)) {
        return -1;
      }
    }
    return -1;
  }

  private boolean owner(int token) {
    if (isPossessive(token)) {
      return true;
    }
    for (Mention mention : mentions) {
      if (mention.dropped && mention.possessive && token >= mention.from && token < mention.to) {
        return true;
      }
    }
    return false;
  }

  private void group() {
    int group = 0;
    Mention last = null;
    for (Mention mention : mentions) {
      if (mention.dropped) {
        mention.group = group;
        continue;
      }
      if (last == null || !joined(last, mention)) {
        group++;
      } else {
        mention.preposition = last.preposition;
      }
      mention.group = group;
      last = mention;
    }
  }

  /** True where only commas, "and" and descriptions stand between two names. */
  private boolean joined(Mention first, Mention second) {
    boolean comma = false;
    boolean and = false;
    int start = Math.max(first.to, first.aside);
    if (first.possessive || first.modifier) {
      return false;
    }
    if (second.from == start + 1
        && tokens.first(start) == '-'
        && (second.ofSuit || second.attributive)) {
      return true;
    }
    for (int i = start; i < second.from; i++) {
      if (tokens.first(i) == ',' && tokens.is(i, Tokens.SIGN)) {
        comma = true;
      } else if (passage.is(i, classes.conjunction)) {
        and = true;
      } else if (!passage.is(i, classes.descriptor | classes.article | classes.nationality)
          && !tokens.is(i, Tokens.NUMBER)
          && !passage.is(i, classes.title)
          && !insideDropped(i)
          && tokens.first(i) != '-') {
        return false;
      }
    }
    return and || (comma && (first.preposition < 0 || headline || listed(second)));
  }

  private boolean insideDropped(int token) {
    for (Mention mention : mentions) {
      if (mention.dropped && token >= mention.from - 1 && token <= mention.to) {
        return true;
      }
    }
    return false;
  }

  /** True where a list goes on after this name: "against A, B and C". */
  private boolean listed(Mention mention) {
    for (int i = mention.to; i < Math.min(to, mention.to + 4); i++) {
      if (passage.is(i, classes.conjunction)) {
        return true;
      }
    }
    return false;
  }

  // ---- clauses --------------------------------------------------------------------------------

  /** True where a clause ends before this token. */
  boolean cuts(int token) {
    if (passage.is(token, classes.cut)) {
      return !passage.is(token - 1, classes.asWord);
    }
    if (tokens.is(token, Tokens.SIGN)) {
      char c = tokens.first(token);
      return c == ';' || c == ':' || c == '\u2014' || c == '|' || c == '?' || c == '(';
    }
    if (tokens.length(token) == 2
        && tokens.first(token) == 'a'
        && tokens.last(token) == 's'
        && token + 1 < to) {
      long role =
          classes.article
              | classes.exclusive
              | classes.preferred
              | classes.descriptor
              | classes.cloud;
      return (!passage.is(token + 1, role | classes.asWord)
              && !passage.is(token - 1, classes.asWord))
          || (mentionAt(token + 1) != null && !mentionAt(token + 1).unnamed);
    }
    return false;
  }

  /** "Nigeria: ...": says where, not who. */
  boolean labels(Mention mention) {
    return mention.from == from && mention.to < to && tokens.first(mention.to) == ':';
  }

  /** First token after the semicolon before a token: headlines list several reports that way. */
  int itemStart(int token) {
    int i = token;
    while (i > from && !(tokens.is(i - 1, Tokens.SIGN) && tokens.first(i - 1) == ';')) {
      i--;
    }
    return i;
  }

  private boolean listedAt(int token) {
    Mention mention = mentionAt(token);
    return mention != null && !mention.unlisted();
  }

  /** First token of the clause around a token. */
  int clauseStart(int token) {
    int i = token;
    while (i > from) {
      int open = tokens.first(i - 1) == ')' ? opening(i - 1) : i - 1;
      if (open == i - 1 && cuts(open)) {
        return i;
      }
      i = open;
    }
    return i;
  }

  /** The token after the clause around a token. */
  int clauseEnd(int token) {
    int i = token;
    while (i < to) {
      int close = tokens.first(i) == '(' ? closing(i) : i;
      if (close == i && cuts(i)) {
        return i;
      }
      i = close + 1;
    }
    return to;
  }

  /** "Acme (NYSE: ACM) said": the bracket that opens a short insertion, or the one that closes. */
  private int opening(int close) {
    for (int i = close - 1; i >= Math.max(from, close - INSERTION); i--) {
      if (tokens.is(i, Tokens.SIGN) && tokens.first(i) == '(') {
        return i;
      }
    }
    return close;
  }

  private int closing(int open) {
    for (int i = open + 1; i < Math.min(to, open + INSERTION); i++) {
      if (tokens.is(i, Tokens.SIGN) && tokens.first(i) == ')') {
        return i;
      }
    }
    return open;
  }

  Mention mentionAt(int token) {
    return token >= from && token < to ? passage.mentionAt[token] : null;
  }

  /** All that was found: first come those that the lexicon lists, then the others. */
  private Mention[] inOrder() {
    Mention[] all = passage.found(found);
    for (int i = 1; i < all.length; i++) {
      Mention mention = all[i];
      int at = i;
      for (; at > 0 && all[at - 1].from > mention.from; at--) {
        all[at] = all[at - 1];
      }
      all[at] = mention;
    }
    return all;
  }

  private void add(Mention mention) {
    found = passage.found(found, mention);
    Arrays.fill(passage.mentionAt, mention.from, mention.to, mention);
  }
}
