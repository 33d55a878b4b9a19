package dev.pactwatch.web;

import jakarta.ws.rs.core.UriBuilder;

/** Where things have their pages in the console. */
final class Addresses {

  private Addresses() {}

  static String alert(String id) {
    return of("/alerts/{id}", id);
  }

  static String agreement(String id) {
    return of("/agreements/{id}", id);
  }

  /** Null for an organisation that no list holds. */
  static String organisation(String id) {
    return id == null ? null : of("/organisations/{id}", id);
  }

  private static String of(String path, String id) {
    // A slash within an id would lead elsewhere.
    return UriBuilder.fromPath(path).build(new Object[] {id}, true).getRawPath();
  }
}
