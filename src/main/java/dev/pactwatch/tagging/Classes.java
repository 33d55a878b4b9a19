package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Lexicon;

/** The classes of words that the tagger's grammar itself refers to. */
final class Classes {
  final long ordinary;
  final long be;
  final long have;
  final long auxiliary;
  final long negation;
  final long adverb;
  final long article;
  final long descriptor;
  final long preposition;
  final long conjunction;
  final long cut;
  final long people;
  final long title;
  final long legalForm;
  final long calendar;
  final long plan;
  final long hedge;
  final long talks;
  final long denial;
  final long history;
  final long court;
  final long cloud;
  final long cloudCompany;
  final long cloudUnit;
  final long exclusive;
  final long preferred;
  final long firstRefusal;
  final long nonExclusive;
  final long notAmount;
  final long unit;
  final long publisher;
  final long nationality;
  final long never;
  final long quote;
  final long dealObject;

  Classes(Lexicon lexicon) {
    ordinary = lexicon.bit("ordinary");
    be = lexicon.bit("be");
    have = lexicon.bit("have");
    auxiliary = lexicon.bit("auxiliary");
    negation = lexicon.bit("negation");
    adverb = lexicon.bit("adverb");
    article = lexicon.bit("article");
    descriptor = lexicon.bit("descriptor");
    preposition = lexicon.bit("preposition");
    conjunction = lexicon.bit("conjunction");
    cut = lexicon.bit("cut");
    people = lexicon.bit("people");
    title = lexicon.bit("title");
    legalForm = lexicon.bit("legal-form");
    calendar = lexicon.bit("calendar");
    plan = lexicon.bit("plan");
    hedge = lexicon.bit("hedge");
    talks = lexicon.bit("talks");
    denial = lexicon.bit("denial");
    history = lexicon.bit("history");
    court = lexicon.bit("court");
    cloud = lexicon.bit("cloud");
    cloudCompany = lexicon.bit("cloud-company");
    cloudUnit = lexicon.bit("cloud-unit");
    exclusive = lexicon.bit("exclusive");
    preferred = lexicon.bit("preferred");
    firstRefusal = lexicon.bit("first-refusal");
    nonExclusive = lexicon.bit("non-exclusive");
    notAmount = lexicon.bit("not-amount");
    unit = lexicon.bit("unit-noun");
    publisher = lexicon.bit("publisher");
    nationality = lexicon.bit("nationality");
    never = lexicon.bit("never-name");
    quote = lexicon.bit("speech");
    dealObject = lexicon.bit("deal");
  }
}
