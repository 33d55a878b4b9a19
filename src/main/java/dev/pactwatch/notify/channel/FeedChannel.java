package dev.pactwatch.notify.channel;

import dev.pactwatch.notify.channel.Outcome.Trace;
import java.util.Map;

/**
 * What matches stands in the subscriber's feed, which is made when it is asked for ({@link
 * AlertFeeds}): there is nothing to send.
 */
final class FeedChannel implements Channel {

  @Override
  public Message render(Notification notification) {
    return new Message(notification.id(), "application/atom+xml", Map.of(), new byte[0]);
  }

  @Override
  public Outcome send(Message message, Attempt attempt) {
    return new Outcome.Delivered(Trace.NONE);
  }
}
