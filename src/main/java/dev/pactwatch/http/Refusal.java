package dev.pactwatch.http;

/** Why a request was not made, or its answer not accepted. */
public enum Refusal {
  /** The URL can be read in more than one way, or not at all. */
  SPELLING,
  /** Neither http nor https. */
  SCHEME,
  /** A port that is not allowed. */
  PORT,
  /** The name leads to an address that is not public. */
  ADDRESS,
  /** A redirect from https to http. */
  DOWNGRADE,
  /** More redirects than allowed. */
  TOO_MANY_REDIRECTS,
  /** A redirect to an address of the same chain. */
  REDIRECT_LOOP,
  /** A redirect without a usable target. */
  BAD_REDIRECT,
  /** More bytes than allowed, as sent or once unpacked. */
  TOO_LARGE,
  /** Unpacks to far more than was sent. */
  BOMB,
  /** A content encoding that was not asked for. */
  ENCODING
}
