package dev.pactwatch.web;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.admin.NotifyAdmin;
import dev.pactwatch.notify.admin.RunningAdmin;
import dev.pactwatch.notify.admin.UnknownIdException;
import dev.pactwatch.notify.delivery.Catalogue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What the resources of the notifier have in common: how it is reached, and what can go wrong. */
@ApplicationScoped
public class NotifyProblems {

  /**
   * A problem of the request.
   *
   * @param field of the body or parameter, null where it is about the whole
   * @param line of the body, 1-based
   * @param version that stands there, where another was expected
   */
  public record Problem(
      String type,
      String title,
      int status,
      String detail,
      String field,
      Integer line,
      Long version) {}

  /** The request cannot be understood. */
  static final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient String field;
    private final transient Integer line;

    Refused(String message, String field, Integer line) {
      super(message);
      this.field = field;
      this.line = line;
    }
  }

  /** This process has no database of the notifier open. */
  static final class NoNotifier extends RuntimeException {

    private static final long serialVersionUID = 1L;
  }

  private final RunningAdmin running;

  NotifyProblems(RunningAdmin running) {
    this.running = running;
  }

  NotifyAdmin admin() {
    return running.get().orElseThrow(NoNotifier::new);
  }

  /** Whatever users write wrong in a document or parameter is a problem of the request. */
  static <T> T usable(Supplier<T> work) {
    try {
      return work.get();
    } catch (ConfigException e) {
      throw e.place()
          .map(
              place ->
                  new Refused(
                      place.problem(),
                      place.field().isEmpty() ? null : place.field(),
                      place.line()))
          .orElseGet(() -> new Refused(e.getMessage(), null, null));
    }
  }

  /** Who is logged in; without a login it can be anybody on this machine. */
  static String who(SecurityContext user) {
    return user.getUserPrincipal() == null ? "local" : user.getUserPrincipal().getName();
  }

  /** A moment; null for none. */
  static Instant time(String name, String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new Refused(name + " must be a time such as 2026-03-18T09:30:00Z", name, null);
    }
  }

  /** A constant as {@code toString} in lower case writes it; null for none. */
  static <E extends Enum<E>> E constant(Class<E> type, String name, String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    for (E one : type.getEnumConstants()) {
      if (dev.pactwatch.json.Kebab.of(one).equals(text)) {
        return one;
      }
    }
    throw new Refused(
        name
            + " must be one of "
            + Arrays.stream(type.getEnumConstants())
                .map(dev.pactwatch.json.Kebab::of)
                .collect(Collectors.joining(", ")),
        name,
        null);
  }

  /** A whole number within bounds. */
  static int number(String name, String text, int least, int most, int otherwise) {
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw between(name, least, most);
    }
    throw between(name, least, most);
  }

  private static Refused between(String name, int least, int most) {
    return new Refused(name + " must lie between " + least + " and " + most, name, null);
  }

  // ---- answers

  @ServerExceptionMapper
  Response refused(Refused e) {
    return problem(400, "Bad request", e.getMessage(), e.field, e.line, null);
  }

  @ServerExceptionMapper
  Response unknown(UnknownIdException e) {
    return problem(404, "Not found", e.getMessage(), null, null, null);
  }

  @ServerExceptionMapper
  Response inFile(Catalogue.InFileException e) {
    return problem(409, "In the file", e.getMessage(), null, null, null);
  }

  @ServerExceptionMapper
  Response changed(Catalogue.ChangedException e) {
    return problem(412, "Changed meanwhile", e.getMessage(), null, null, e.version());
  }

  @ServerExceptionMapper
  Response missing(Preconditions.Missing e) {
    return problem(428, "Precondition required", e.getMessage(), null, null, null);
  }

  @ServerExceptionMapper
  Response noNotifier(NoNotifier e) {
    return problem(
        503,
        "No notifier here",
        "this process has not opened the notifier's database; it needs the role web or notify",
        null,
        null,
        null);
  }

  private static Response problem(
      int status, String title, String detail, String field, Integer line, Long version) {
    return Response.status(status)
        .type(AlertResource.PROBLEM)
        .entity(Json.write(new Problem("about:blank", title, status, detail, field, line, version)))
        .build();
  }
}
