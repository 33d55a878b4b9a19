package dev.pactwatch.web;

/**
 * What every page of the console has around its content. Texts are plain, not escaped.
 *
 * @param assets version of the assets, so that an old style never meets a new page
 * @param title heading, and title of the document
 * @param room address of the part of the console that the page belongs to, such as {@code
 *     /agreements}
 * @param problem why what was asked for was not done, may be null
 * @param said what was done, may be null
 */
public record Frame(String assets, String title, String room, String problem, String said) {

  static Frame of(String title, String room) {
    return new Frame(Assets.VERSION, title, room, null, null);
  }
}
