/**
 * Pictures of the console, laid out on the server and drawn as SVG by the templates in {@code
 * templates/plots}. Horizontal places are percentages, so that a picture takes the width of any
 * screen while its words keep their size; vertical ones are pixels. Every picture has a text
 * alternative.
 */
package dev.pactwatch.web.plot;
