package dev.pactwatch.lexicon;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.text.Fold;
import dev.pactwatch.text.Phrases;
import dev.pactwatch.text.Tokens;
import dev.pactwatch.text.Vocabulary;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads and compiles the files of a lexicon. */
final class LexiconReader {

  private static final Set<String> SECTIONS =
      Set.of(
          "classes",
          "cues",
          "themes",
          "irregular",
          "ordinary",
          "abbreviations",
          "currencies",
          "magnitudes",
          "topics",
          "weights",
          "references",
          "trades",
          "demonyms",
          "rules");
  private static final Set<String> RULE_FIELDS =
      Set.of(
          "id",
          "event",
          "status",
          "weight",
          "anchor",
          "slots",
          "with",
          "after",
          "near",
          "context",
          "without",
          "not-with",
          "not-after",
          "next",
          "not-next",
          "forms",
          "needs",
          "needs-all",
          "parties",
          "sure",
          "mutual",
          "fallback",
          "yes",
          "no");
  private static final List<String> CONDITIONS =
      List.of(
          "with",
          "after",
          "near",
          "context",
          "without",
          "not-with",
          "not-after",
          "next",
          "not-next");
  private static final Map<String, Integer> FORMS =
      Map.of(
          "base",
          Inflection.BASE,
          "third",
          Inflection.THIRD,
          "past",
          Inflection.PAST,
          "participle",
          Inflection.PARTICIPLE,
          "ing",
          Inflection.ING,
          "noun",
          Inflection.NOUN);

  final Map<String, Organisation> organisations = new LinkedHashMap<>();
  final Vocabulary vocabulary = new Vocabulary();
  final Phrases phrases = new Phrases();
  final List<Entry> entries = new ArrayList<>();
  final List<Entry.Anchor> anchors = new ArrayList<>();
  final List<Entry.Classed> classed = new ArrayList<>();
  final Map<String, Long> classNames = new LinkedHashMap<>();
  final Map<String, Long> cueNames = new LinkedHashMap<>();
  final Map<String, Long> themeNames = new LinkedHashMap<>();
  final List<Rule> rules = new ArrayList<>();
  final Set<Integer> abbreviations = new HashSet<>();
  final Map<String, String> currencies = new HashMap<>();
  final Map<String, BigDecimal> magnitudes = new HashMap<>();
  final Map<String, List<Lexicon.Weight>> weights = new HashMap<>();

  /** By word, the sectors that a noun refers to, or a word before it. */
  final Map<Integer, Set<String>> references = new HashMap<>();

  final Map<Integer, Set<String>> trades = new HashMap<>();

  /** By word, the code of a country. */
  final Map<Integer, String> demonyms = new HashMap<>();

  /** By word, its classes and its cues. */
  long[] wordBits = new long[1 << 13];

  long[] wordThemes = new long[1 << 12];

  private final Map<String, String[]> irregular = new HashMap<>();
  private final Inflection inflection = new Inflection(irregular);
  private final Tokens tokens = new Tokens();
  private int topics;
  private final Map<String, Rule> ruleIds = new HashMap<>();

  private LexiconReader() {}

  static Lexicon load(Path directory) {
    LexiconReader reader = new LexiconReader();
    MessageDigest digest = sha256();
    List<Map<String, Yaml>> files = new ArrayList<>();
    for (Path file : files(directory)) {
      String text = text(file);
      digest.update(
          (directory.relativize(file).toString().replace('\\', '/') + "\n" + text + "\0")
              .getBytes(StandardCharsets.UTF_8));
      if (text.contains("\norganisations:") || text.startsWith("organisations:")) {
        OrganisationFile.read(file.toString(), text, reader.organisations);
      } else {
        files.add(Yaml.parse(file.toString(), text).map(SECTIONS));
      }
    }
    reader.compile(files);
    return new Lexicon(reader, HexFormat.of().formatHex(digest.digest()).substring(0, 12));
  }

  private static List<Path> files(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new ConfigException(directory + ": no such directory");
    }
    try (Stream<Path> walk = Files.walk(directory, 4)) {
      List<Path> files =
          walk.filter(file -> file.toString().endsWith(".yaml") && Files.isRegularFile(file))
              .sorted()
              .toList();
      if (files.isEmpty()) {
        throw new ConfigException(directory + ": holds no *.yaml file");
      }
      return files;
    } catch (IOException e) {
      throw new ConfigException(directory + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (java.nio.charset.CharacterCodingException e) {
      throw new ConfigException(file + ": is not UTF-8 text", e);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private void compile(List<Map<String, Yaml>> files) {
    for (Map<String, Yaml> file : files) {
      section(file, "irregular")
          .forEach(
              (base, forms) -> {
                List<String> parts = forms.texts();
                irregular.put(
                    base,
                    parts.size() == 1
                        ? new String[] {parts.get(0), parts.get(0)}
                        : parts.toArray(String[]::new));
              });
      for (String name : section(file, "classes").keySet()) {
        classNames.computeIfAbsent(name, each -> 1L << classNames.size());
      }
      if (file.containsKey("ordinary")) {
        classNames.computeIfAbsent("ordinary", each -> 1L << classNames.size());
      }
      if (file.containsKey("references")) {
        classNames.computeIfAbsent("reference", each -> 1L << classNames.size());
      }
      for (String name : section(file, "cues").keySet()) {
        cueNames.computeIfAbsent(name, each -> 1L << cueNames.size());
      }
      for (String name : section(file, "themes").keySet()) {
        themeNames.computeIfAbsent(name, each -> 1L << themeNames.size());
      }
    }
    for (Map<String, Yaml> file : files) {
      if (file.containsKey("rules")) {
        file.get("rules").list().forEach(this::mirror);
      }
      section(file, "cues").forEach(this::distinct);
      section(file, "themes").forEach(this::distinct);
      section(file, "weights").values().forEach(this::mirrorWords);
      if (classNames.size() > 64 || cueNames.size() > 64 || themeNames.size() > 64) {
        throw file.values().iterator().next().problem("more than 64 classes, cues or themes");
      }
    }
    for (Map<String, Yaml> file : files) {
      section(file, "classes").forEach(this::words);
      section(file, "cues").forEach(this::words);
      section(file, "themes").forEach(this::words);
      if (file.containsKey("abbreviations")) {
        for (String word : file.get("abbreviations").texts()) {
          abbreviations.add(vocabulary.add(Fold.of(word)));
        }
      }
      section(file, "currencies").forEach(this::currency);
      section(file, "magnitudes").forEach((word, by) -> magnitudes.put(Fold.of(word), by.number()));
      section(file, "topics").forEach(this::topic);
      section(file, "weights").forEach(this::weigh);
      section(file, "references").forEach(this::reference);
      section(file, "trades")
          .forEach((word, sectors) -> trades.put(word(word), Set.copyOf(sectors.texts())));
      section(file, "demonyms").forEach((word, code) -> demonyms.put(word(word), code.text()));
      if (file.containsKey("ordinary")) {
        ordinary(file.get("ordinary"));
      }
    }
    for (Map<String, Yaml> file : files) {
      if (file.containsKey("rules")) {
        file.get("rules").list().forEach(this::rule);
      }
    }
    for (Organisation organisation : organisations.values()) {
      String parent = organisation.parent();
      if (parent != null && !organisations.containsKey(parent)) {
        throw new ConfigException(
            "organisations: '" + organisation.id() + "': parent '" + parent + "' is unknown");
      }
      boolean seller = seller(organisation);
      boolean unit = seller && organisation.kind().equals("unit");
      long classes = seller ? bit(classNames, "cloud-company") : 0;
      long cues = seller ? bit(cueNames, "cloud-company") : 0;
      long themes = seller ? bit(themeNames, "cloud-company") : 0;
      classes |= unit ? bit(classNames, "cloud-unit") : 0;
      cues |= unit ? bit(cueNames, "cloud-unit") : 0;
      themes |= unit ? bit(themeNames, "cloud-unit") : 0;
      for (Alias alias : organisation.aliases()) {
        add(alias.text(), new Entry.Named(organisation, alias, classes, cues, themes));
      }
    }
  }

  /** Classes of the grammar that a rule asks for as well count among the cues too. */
  private void mirror(Yaml rule) {
    for (String field : CONDITIONS) {
      for (String name : texts(rule.map(RULE_FIELDS), field)) {
        if (classNames.containsKey(name)) {
          cueNames.computeIfAbsent(name, each -> 1L << cueNames.size());
        }
      }
    }
  }

  private void mirrorWords(Yaml terms) {
    for (String term : terms.map().keySet()) {
      String name = term.startsWith("word ") ? term.substring(5) : term;
      if (classNames.containsKey(name)) {
        themeNames.computeIfAbsent(name, each -> 1L << themeNames.size());
      }
    }
  }

  private void distinct(String name, Yaml list) {
    if (classNames.containsKey(name)) {
      throw list.problem("'" + name + "' stands under 'classes' already");
    }
  }

  private static long bit(Map<String, Long> names, String name) {
    return names.getOrDefault(name, 0L);
  }

  /** Those whose first trade is the cloud, or halls for machines. */
  private static boolean seller(Organisation organisation) {
    List<String> sectors = organisation.sectors();
    return sectors.contains("data-centres")
        || (!sectors.isEmpty() && sectors.get(0).equals("cloud") && !sectors.contains("software"));
  }

  private static Map<String, Yaml> section(Map<String, Yaml> file, String name) {
    Yaml section = file.get(name);
    return section == null || section.isNull() ? Map.of() : section.map();
  }

  private void words(String name, Yaml list) {
    long bit = bit(classNames, name);
    long cue = bit(cueNames, name);
    long theme = bit(themeNames, name);
    for (Yaml item : list.list()) {
      forms(item).keySet().forEach(phrase -> classify(phrase, bit, cue, theme, item));
    }
  }

  private void classify(String phrase, long bit, long cue, long theme, Yaml place) {
    int[] ids = ids(phrase);
    if (ids.length == 0) {
      throw place.problem("holds no word");
    }
    if (ids.length == 1) {
      mark(ids[0], bit, cue, theme);
    } else {
      add(ids, new Entry.Classed(bit, cue, theme), place);
    }
  }

  private void mark(int word, long bit, long cue, long theme) {
    if (word >= wordThemes.length) {
      int length = Math.max(word + 1, wordThemes.length * 2);
      wordThemes = Arrays.copyOf(wordThemes, length);
      wordBits = Arrays.copyOf(wordBits, 2 * length);
    }
    wordBits[2 * word] |= bit;
    wordBits[2 * word + 1] |= cue;
    wordThemes[word] |= theme;
  }

  private void reference(String noun, Yaml sectors) {
    classify(noun, bit(classNames, "reference"), 0, 0, sectors);
    references.put(word(noun), sectors.list().isEmpty() ? Set.of() : Set.copyOf(sectors.texts()));
  }

  private int word(String word) {
    return vocabulary.add(Fold.of(word));
  }

  private void ordinary(Yaml text) {
    long bit = classNames.get("ordinary");
    for (String word : text.text().strip().split("\\s+")) {
      mark(vocabulary.add(Fold.of(word)), bit, 0, 0);
    }
  }

  private void currency(String code, Yaml list) {
    for (String sign : list.texts()) {
      currencies.put(Fold.of(sign), code);
    }
  }

  private void weigh(String event, Yaml terms) {
    List<Lexicon.Weight> list = weights.computeIfAbsent(event, each -> new ArrayList<>());
    terms
        .map()
        .forEach(
            (term, value) ->
                list.add(
                    new Lexicon.Weight(
                        term, value.number().doubleValue(), value.file() + ":" + value.line())));
  }

  /** A topic with a question mark is what general words only suggest. */
  private void topic(String name, Yaml list) {
    boolean general = name.endsWith("?");
    String topic = general ? name.substring(0, name.length() - 1) : name;
    int rank = topics++ + (general ? Entry.Topic.GENERAL : 0);
    for (Yaml item : list.list()) {
      forms(item).keySet().forEach(phrase -> add(ids(phrase), new Entry.Topic(topic, rank), item));
    }
  }

  private void rule(Yaml yaml) {
    Map<String, Yaml> fields = yaml.map(RULE_FIELDS);
    String id = yaml.need("id").text();
    Map<String, String> slots = new LinkedHashMap<>();
    section(fields, "slots").forEach((slot, role) -> slots.put(slot, role.text()));
    boolean both = fields.containsKey("needs-all");
    Rule rule =
        new Rule(
            id,
            yaml.need("event").text(),
            yaml.get("status").map(Yaml::text).orElse(null),
            yaml.get("weight").map(Yaml::integer).orElse(10),
            yaml.need("anchor").texts(),
            slots,
            bits(fields, "with"),
            bits(fields, "after"),
            bits(fields, "near"),
            bits(fields, "context"),
            bits(fields, "without"),
            bits(fields, "not-with"),
            bits(fields, "not-after"),
            bits(fields, "next"),
            bits(fields, "not-next"),
            formBits(fields),
            texts(fields, both ? "needs-all" : "needs"),
            both,
            yaml.get("parties").map(Yaml::integer).orElse(0),
            yaml.get("sure").map(Yaml::bool).orElse(false),
            yaml.get("mutual").map(Yaml::bool).orElse(false),
            yaml.get("fallback").map(Yaml::bool).orElse(false),
            texts(fields, "yes"),
            texts(fields, "no"),
            yaml.file() + ":" + yaml.line());
    if (rule.yes().isEmpty() || rule.no().isEmpty()) {
      throw yaml.problem("rule '" + id + "' lacks an example under 'yes' or under 'no'");
    }
    for (String slot : rule.needs()) {
      if (!slots.containsKey(slot)) {
        throw yaml.problem("rule '" + id + "' needs the slot '" + slot + "', which it lacks");
      }
    }
    if (ruleIds.put(id, rule) != null) {
      throw yaml.problem("id: '" + id + "' stands twice");
    }
    rules.add(rule);
    Yaml anchors = yaml.need("anchor");
    for (Yaml anchor : anchors.isText() ? List.of(anchors) : anchors.list()) {
      forms(anchor)
          .forEach(
              (phrase, forms) -> {
                if (rule.forms() == 0 || (forms & rule.forms()) != 0) {
                  int kept = rule.forms() == 0 ? forms : forms & rule.forms();
                  add(ids(phrase), new Entry.Anchor(rule, kept), anchor);
                }
              });
    }
  }

  private static List<String> texts(Map<String, Yaml> fields, String name) {
    Yaml value = fields.get(name);
    return value == null || value.isNull() ? List.of() : value.texts();
  }

  private static int formBits(Map<String, Yaml> fields) {
    int bits = 0;
    for (String form : texts(fields, "forms")) {
      Integer bit = FORMS.get(form);
      if (bit == null) {
        throw fields
            .get("forms")
            .problem("'" + form + "' is unknown; one of base, third, past, participle, ing, noun");
      }
      bits |= bit;
    }
    return bits;
  }

  private long bits(Map<String, Yaml> fields, String field) {
    long bits = 0;
    for (String name : texts(fields, field)) {
      Long bit = cueNames.get(name);
      if (bit == null) {
        throw fields.get(field).problem("'" + name + "' is no class of words");
      }
      bits |= bit;
    }
    return bits;
  }

  /** {@code ~sue} is a verb, {@code +lawsuit} a noun, anything else a fixed phrase. */
  private Map<String, Integer> forms(Yaml item) {
    String text = item.text();
    if (text.startsWith("~")) {
      return inflection.verb(text.substring(1));
    }
    return text.startsWith("+")
        ? inflection.noun(text.substring(1))
        : Map.of(text, Inflection.NOUN);
  }

  private void add(String phrase, Entry entry) {
    add(ids(phrase), entry, null);
  }

  private void add(int[] ids, Entry entry, Yaml place) {
    try {
      phrases.add(ids, number(entry));
    } catch (IllegalArgumentException e) {
      String what = "a phrase " + e.getMessage() + ", at most " + Phrases.LONGEST;
      throw place == null
          ? new ConfigException("organisations: " + entry + ": " + what)
          : place.problem(what);
    }
  }

  private int number(Entry entry) {
    if (entry instanceof Entry.Classed each) {
      int known = classed.lastIndexOf(each);
      if (known < 0) {
        known = classed.size();
        classed.add(each);
      }
      return ~known;
    }
    if (entry instanceof Entry.Anchor anchor) {
      anchors.add(anchor);
      return Lexicon.number(anchors.size() - 1, anchor.forms());
    }
    int kind =
        entry instanceof Entry.Named named && (named.classes() | named.cues() | named.themes()) != 0
            ? Lexicon.MARKING
            : 0;
    entries.add(entry);
    return kind | (entries.size() - 1);
  }

  private int[] ids(String phrase) {
    tokens.read(phrase, vocabulary);
    int[] ids = new int[tokens.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = tokens.word(i);
      if (ids[i] < 0) {
        String folded = tokens.folded(i);
        boolean initials = folded.length() > 2 && folded.endsWith(".");
        ids[i] = vocabulary.add(initials ? folded.substring(0, folded.length() - 1) : folded);
      }
    }
    return ids;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
