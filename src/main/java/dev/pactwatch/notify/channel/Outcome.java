package dev.pactwatch.notify.channel;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** How an attempt ended. Details are phrases for people, without the receiver's text. */
public sealed interface Outcome {

  /** What the delivery log keeps of the attempt. */
  Trace trace();

  /** Taken. */
  record Delivered(Trace trace) implements Outcome {}

  /**
   * Not taken; to be tried again.
   *
   * @param notBefore the least time to wait, as the receiver asked or as good manners demand
   */
  record Failed(Reason reason, String detail, Optional<Duration> notBefore, Trace trace)
      implements Outcome {}

  /** Trying again cannot help: the message itself is refused. */
  record Refused(Reason reason, String detail, Trace trace) implements Outcome {}

  /** The receiver wants no more deliveries, ever. */
  record Gone(String detail, Trace trace) implements Outcome {}

  /** Classes of failure, for counters. */
  enum Reason {
    /** 5xx and their like. */
    SERVER_ERROR,
    /** 4xx and their like. */
    CLIENT_ERROR,
    /** 401, 403 and their like. */
    AUTHENTICATION,
    /** 429 and their like. */
    RATE_LIMITED,
    /** An answer that sends elsewhere; never followed. */
    REDIRECTED,
    TIMEOUT,
    NAME_NOT_FOUND,
    TLS,
    CONNECTION,
    /** The address is one that must not be asked. */
    ADDRESS_REFUSED,
    TOO_LARGE,
    OTHER;

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  /**
   * @param address the address that was dialled; null where none was
   * @param status of the answer, such as an HTTP status; null where there was none
   * @param headers as sent, with what must not be shown hidden
   * @param answer the beginning of the answer's body, at most {@link #MAX_ANSWER} bytes; hostile
   */
  record Trace(String address, Integer status, Map<String, String> headers, String answer) {

    /** As much as Svix keeps. */
    public static final int MAX_ANSWER = 20_000;

    /** Nothing to tell. */
    public static final Trace NONE = new Trace(null, null, Map.of(), null);

    public Trace {
      headers = Map.copyOf(headers);
    }
  }
}
