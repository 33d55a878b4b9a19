package dev.pactwatch.cli;

import dev.pactwatch.replay.ReplayManifest;
import dev.pactwatch.replay.ReplayProgress;
import dev.pactwatch.replay.ReplayStore;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Collectors;

/** Replays as text for a terminal. */
final class ReplayText {

  private ReplayText() {}

  /** One line: id, state, what of, what came of it. */
  static String line(ReplayStore.Entry entry) {
    ReplayManifest manifest = entry.manifest();
    return String.format(
        Locale.ROOT,
        "%-18s  %-11s  %s%s",
        manifest.id(),
        entry.state().label(),
        Printable.of(manifest.asked().sources().stream().collect(Collectors.joining(" "))),
        result(entry));
  }

  private static String result(ReplayStore.Entry entry) {
    ReplayManifest manifest = entry.manifest();
    if (entry.progress() != null) {
      return "; " + progress(entry.progress());
    }
    if (manifest.differences() != null) {
      return "; " + differences(manifest.differences());
    }
    return manifest.first().pass() == null
        ? ""
        : "; " + manifest.first().pass().alerts() + " alerts";
  }

  /** How far it is, in one line. */
  static String progress(ReplayProgress progress) {
    String done =
        progress.total() == 0
            ? progress.done() == 0 ? "" : ", " + progress.done() + " articles"
            : String.format(Locale.ROOT, ", %d of %d articles", progress.done(), progress.total());
    String rate =
        progress.perSecond() == 0
            ? ""
            : String.format(Locale.ROOT, ", %.0f/s", progress.perSecond());
    String left =
        progress.secondsLeft() == 0
            ? ""
            : String.format(Locale.ROOT, ", %.0f s left", progress.secondsLeft());
    return progress.phase() + done + rate + left;
  }

  static String differences(ReplayManifest.Differences differences) {
    return differences.added()
        + " added, "
        + differences.removed()
        + " removed, "
        + differences.changed()
        + " changed";
  }

  /** All that the manifest tells. */
  static String block(ReplayStore.Entry entry) {
    ReplayManifest manifest = entry.manifest();
    StringBuilder text = new StringBuilder();
    field(text, "replay", manifest.id() + ", " + entry.state().label());
    field(text, "asked", manifest.created().truncatedTo(ChronoUnit.SECONDS).toString());
    field(text, "sources", String.join(" ", manifest.asked().sources()));
    if (manifest.asked().from() != null || manifest.asked().to() != null) {
      field(
          text,
          "days",
          (manifest.asked().from() == null ? "" : manifest.asked().from())
              + " to "
              + (manifest.asked().to() == null ? "" : manifest.asked().to()));
    }
    if (entry.progress() != null) {
      field(text, "progress", progress(entry.progress()));
    }
    if (manifest.input() != null) {
      field(
          text,
          "news",
          manifest.input().articles()
              + " articles, "
              + manifest.input().oldest()
              + " to "
              + manifest.input().newest()
              + ", sha256 "
              + manifest.input().sha256());
    }
    side(text, "first", manifest.first());
    if (manifest.second() != null) {
      side(text, "second", manifest.second());
    }
    if (manifest.problem() != null) {
      field(text, "problem", manifest.problem());
    }
    return text.toString();
  }

  private static void side(StringBuilder text, String label, ReplayManifest.Side side) {
    field(
        text,
        label,
        side.name()
            + "; lexicon "
            + side.versions().lexicon()
            + ", registry "
            + side.versions().registry());
    if (side.pass() != null) {
      field(
          text,
          "",
          String.format(
              Locale.ROOT,
              "%d events in %d articles, %d alerts with %d revisions, %.1f s",
              side.pass().events(),
              side.pass().eventful(),
              side.pass().alerts(),
              side.pass().revisions(),
              side.pass().seconds()));
    }
  }

  /** The last line of a replay. */
  static String summary(ReplayManifest manifest) {
    ReplayManifest.Input input = manifest.input();
    ReplayManifest.Pass pass = manifest.first().pass();
    return String.format(
        Locale.ROOT,
        "%d files read, %d refused; %d articles, %d rejected items; %d events in %d articles;"
            + " %d alerts; %.1f s",
        input.files(),
        input.refused(),
        input.articles(),
        input.rejected(),
        pass.events(),
        pass.eventful(),
        pass.alerts(),
        pass.seconds());
  }

  private static void field(StringBuilder text, String label, String value) {
    text.append(String.format(Locale.ROOT, "%-9s %s%n", label, Printable.of(value)));
  }
}
