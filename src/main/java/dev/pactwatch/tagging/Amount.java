package dev.pactwatch.tagging;

import java.math.BigDecimal;

/**
 * The size of a deal, of a claim or of a settlement.
 *
 * @param value in units of the currency, not in millions
 * @param currency ISO 4217
 */
public record Amount(BigDecimal value, String currency) {}
