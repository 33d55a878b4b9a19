package dev.pactwatch.agreement;

/**
 * @param organisation id, the same as in the lexicon
 * @param name to show
 * @param role {@code grantor}, {@code beneficiary}, {@code mutual}, or another word of the source
 */
public record AgreementParty(String organisation, String name, String role) {}
