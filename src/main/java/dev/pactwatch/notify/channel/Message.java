package dev.pactwatch.notify.channel;

import java.util.Map;

/**
 * A notification made ready for its channel, kept and sent as these bytes at every attempt.
 *
 * @param id the notification's
 * @param contentType of the body
 * @param headers what the channel needs beside the body, such as a record's key
 */
public record Message(String id, String contentType, Map<String, String> headers, byte[] body) {

  public Message {
    headers = Map.copyOf(headers);
  }
}
