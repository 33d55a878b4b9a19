package dev.pactwatch.notify.admin;

/** Something was asked for that is not there. The message is meant to be shown. */
public final class UnknownIdException extends RuntimeException {

  private static final long serialVersionUID = 1;

  UnknownIdException(String kind, String id) {
    super("no " + kind + " '" + id + "'");
  }
}
