package dev.pactwatch.http;

/** Why an exchange did not come to an end. */
public enum Failure {
  /** The name does not resolve, or not in time. */
  UNKNOWN_HOST,
  /** Nobody accepts the connection. */
  CONNECT,
  /** The certificate or the handshake is not acceptable. */
  TLS,
  /** The server was silent for too long. */
  SILENCE,
  /** The exchange as a whole took too long. */
  DEADLINE,
  /** The answer ended early or is no HTTP. */
  BROKEN_ANSWER,
  /** The packed body cannot be unpacked. */
  BROKEN_ENCODING,
  /** The client was closed, or the request was withdrawn. */
  CANCELLED,
  /** Any other failure of reading or writing. */
  IO
}
