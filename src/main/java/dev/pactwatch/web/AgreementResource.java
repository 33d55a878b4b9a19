package dev.pactwatch.web;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.agreement.AsOf;
import dev.pactwatch.agreement.AsOfJson;
import dev.pactwatch.agreement.AuditEntry;
import dev.pactwatch.agreement.AuditTrail;
import dev.pactwatch.agreement.Author;
import dev.pactwatch.agreement.Condition;
import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.agreement.RegistryFolder;
import dev.pactwatch.agreement.Source;
import dev.pactwatch.agreement.UnknownAgreement;
import dev.pactwatch.agreement.VersionConflict;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.json.Json;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * The registry over HTTP: what the command {@code agreements} does, with the same files behind it.
 * A chain of revisions has one version, which is the ETag of each of them; every change names the
 * version it is a change of. Problems are told as RFC 9457 asks, with the field.
 */
@Path("/api/agreements")
@Produces(MediaType.APPLICATION_JSON)
public class AgreementResource {

  private static final String YAML = "application/yaml";

  /** What stands in the place of an id in the addresses below. */
  private static final Set<String> RESERVED = Set.of("as-of", "audit", "import", "export");

  /**
   * @param version of the registry as a whole
   */
  public record Agreements(String version, int total, List<Agreement> agreements) {}

  /**
   * @param revisions oldest first
   */
  public record History(String chain, String version, List<Agreement> revisions) {}

  /**
   * @param broken numbers of the lines before which the trail was changed by another hand
   */
  public record Audit(List<AuditEntry> entries, List<Integer> broken) {}

  /**
   * @param changes as they stand in the audit trail, or would after a dry run
   */
  public record Imported(
      String version, int created, int revised, int unchanged, List<AuditEntry> changes) {}

  /**
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
      String version) {}

  private final RegistryAccess registry;

  AgreementResource(RegistryAccess registry) {
    this.registry = registry;
  }

  // ---- reading

  /** All agreements, in the order of the files. */
  @GET
  public Response list(
      @QueryParam("party") String party,
      @QueryParam("chain") String chain,
      @QueryParam("topic") String topic,
      @HeaderParam("If-None-Match") String ifNoneMatch) {
    Registry now = read();
    if (Preconditions.known(ifNoneMatch, now.version())) {
      return Response.notModified().header("ETag", Preconditions.tag(now.version())).build();
    }
    List<Agreement> found =
        now.all().stream()
            .filter(
                agreement ->
                    party == null
                        || agreement.parties().stream()
                            .anyMatch(one -> one.organisation().equals(party)))
            .filter(agreement -> chain == null || agreement.chain().equals(chain))
            .filter(
                agreement ->
                    topic == null
                        || agreement.terms().stream().anyMatch(term -> term.topic().equals(topic)))
            .toList();
    return tagged(now.version(), Json.write(new Agreements(now.version(), found.size(), found)));
  }

  /** One revision of an agreement. */
  @GET
  @Path("{id}")
  public Response show(
      @PathParam("id") String id, @HeaderParam("If-None-Match") String ifNoneMatch) {
    Registry now = read();
    Agreement agreement = now.find(id).orElseThrow(() -> new UnknownAgreement(id));
    String version = now.version(agreement.chain());
    if (Preconditions.known(ifNoneMatch, version)) {
      return Response.notModified().header("ETag", Preconditions.tag(version)).build();
    }
    return tagged(version, Json.write(agreement));
  }

  /** All revisions of the chain with this id, or with an agreement of this id. */
  @GET
  @Path("{id}/history")
  public Response history(@PathParam("id") String id) {
    Registry now = read();
    List<Agreement> revisions = now.historyOf(id);
    if (revisions.isEmpty()) {
      throw new UnknownAgreement(id);
    }
    String chain = revisions.get(0).chain();
    return tagged(
        now.version(chain), Json.write(new History(chain, now.version(chain), revisions)));
  }

  /** The terms in force on a day, as the command {@code as-of --json} prints them. */
  @GET
  @Path("as-of")
  public Response asOf(
      @QueryParam("date") String date,
      @QueryParam("grantor") String grantor,
      @QueryParam("beneficiary") String beneficiary,
      @QueryParam("topic") String topic,
      @QueryParam("covering") boolean covering) {
    LocalDate day;
    try {
      day = LocalDate.parse(date == null ? "" : date);
    } catch (DateTimeParseException e) {
      return problem(400, "Bad parameter", "date must be a day such as 2026-03-18", "date", null);
    }
    return Response.ok(
            AsOfJson.write(
                usable(registry::withTopics)
                    .inForce(new AsOf(day, grantor, beneficiary, topic, covering))))
        .build();
  }

  /** Who changed what, when and why, over all agreements. */
  @GET
  @Path("audit")
  public Response audit() {
    AuditTrail.Trail trail = usable(registry.folder()::audit);
    return Response.ok(Json.write(new Audit(trail.entries(), trail.broken()))).build();
  }

  /** The same about one agreement, or one chain. What was erased can be asked for as well. */
  @GET
  @Path("{id}/audit")
  public Response audit(@PathParam("id") String id) {
    AuditTrail.Trail trail = usable(registry.folder()::audit);
    List<AuditEntry> entries = trail.about(id);
    if (entries.isEmpty() && read().historyOf(id).isEmpty()) {
      throw new UnknownAgreement(id);
    }
    return Response.ok(Json.write(new Audit(entries, trail.broken()))).build();
  }

  /** The registry as YAML, which {@link #load} reads. */
  @GET
  @Path("export")
  @Produces(YAML)
  public Response export() {
    Registry now = read();
    return Response.ok(AgreementFiles.yaml(now.all()))
        .header("ETag", Preconditions.tag(now.version()))
        .header("Content-Disposition", "attachment; filename=\"agreements.yaml\"")
        .build();
  }

  // ---- changing

  /** Creates an agreement, or replaces it. */
  @PUT
  @Path("{id}")
  @Consumes({MediaType.APPLICATION_JSON, YAML})
  public Response put(
      @PathParam("id") String id,
      @QueryParam("why") String why,
      @HeaderParam("If-Match") String ifMatch,
      @HeaderParam("If-None-Match") String ifNoneMatch,
      @Context SecurityContext user,
      String body) {
    Condition condition = Preconditions.ofChain(ifMatch, ifNoneMatch);
    List<Agreement> sent;
    try {
      sent = AgreementFiles.read("body", body).all();
    } catch (ConfigException e) {
      return unusable(e);
    }
    if (sent.size() != 1 || !sent.get(0).id().equals(id) || RESERVED.contains(id)) {
      return problem(
          400,
          "Unusable agreement",
          RESERVED.contains(id)
              ? "'" + id + "' is a word of this interface and cannot be an id"
              : "the body must be the one agreement '" + id + "'",
          "id",
          null);
    }
    RegistryFolder.Written written =
        usable(
            () ->
                registry.folder().put(sent, author(user, why), condition, RegistryFolder.NEW_FILE));
    boolean created = written.entries().stream().anyMatch(e -> e.action().equals("created"));
    return changed(created ? 201 : 200, written, id);
  }

  /**
   * Records that an agreement ended, or will end: {@code {"on": "2026-11-01", "source":
   * "https://..."}}, and where known {@code title} and {@code publisher} of the source, and {@code
   * why}.
   */
  @POST
  @Path("{id}/end")
  @Consumes({MediaType.APPLICATION_JSON, YAML})
  public Response end(
      @PathParam("id") String id,
      @HeaderParam("If-Match") String ifMatch,
      @Context SecurityContext user,
      String body) {
    Condition condition = Preconditions.ofChain(ifMatch, null);
    Agreement agreement = read().find(id).orElseThrow(() -> new UnknownAgreement(id));
    PartialDate on;
    Source source;
    String why;
    try {
      Yaml end = Yaml.parse("body", body);
      end.map(Set.of("on", "source", "title", "publisher", "why"));
      on = day(end.need("on"));
      source =
          new Source(
              end.get("title").map(Yaml::text).orElse("End of: " + agreement.title()),
              end.get("publisher").map(Yaml::text).orElse(null),
              null,
              address(end.need("source")),
              null,
              null);
      why = end.get("why").map(Yaml::text).orElse(null);
    } catch (ConfigException e) {
      return unusable(e);
    }
    try {
      return changed(200, registry.folder().end(id, on, source, author(user, why), condition), id);
    } catch (ConfigException e) {
      return problem(409, "Cannot end", e.getMessage(), "on", null);
    }
  }

  /** Takes a record out that should never have been there. What it said stays in the trail. */
  @DELETE
  @Path("{id}")
  public Response erase(
      @PathParam("id") String id,
      @QueryParam("why") String why,
      @HeaderParam("If-Match") String ifMatch,
      @Context SecurityContext user) {
    Condition condition = Preconditions.ofChain(ifMatch, null);
    var unused = usable(() -> registry.folder().erase(id, author(user, why), condition));
    return Response.noContent().build();
  }

  /**
   * Takes over all agreements of a file, all or nothing.
   *
   * @param name of the file that new agreements go to
   */
  @POST
  @Path("import")
  @Consumes({MediaType.APPLICATION_JSON, YAML})
  public Response load(
      @QueryParam("name") String name,
      @QueryParam("why") String why,
      @QueryParam("dry-run") boolean dryRun,
      @HeaderParam("If-Match") String ifMatch,
      @Context SecurityContext user,
      String body) {
    Condition condition = Preconditions.ofRegistry(ifMatch);
    int sent;
    try {
      sent = AgreementFiles.read("body", body).size();
    } catch (ConfigException e) {
      return unusable(e);
    }
    RegistryFolder.Named text =
        new RegistryFolder.Named(name == null || name.isBlank() ? "imported" : name, body);
    RegistryFolder.Written written =
        usable(() -> registry.folder().load(List.of(text), author(user, why), condition, dryRun));
    int created =
        (int) written.entries().stream().filter(e -> e.action().equals("created")).count();
    int changed = written.entries().size();
    String version = written.registry().version();
    return tagged(
        version,
        Json.write(
            new Imported(version, created, changed - created, sent - changed, written.entries())));
  }

  // ---- problems

  /** The registry's own files cannot be read or written: nothing that the request could mend. */
  static final class RegistryUnusable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RegistryUnusable(ConfigException cause) {
      super(cause.getMessage(), cause);
    }
  }

  @ServerExceptionMapper
  Response unusable(RegistryUnusable e) {
    return problem(503, "The registry cannot be used", e.getMessage(), null, null);
  }

  @ServerExceptionMapper
  Response unknown(UnknownAgreement e) {
    return problem(404, "No such agreement", e.getMessage(), null, null);
  }

  @ServerExceptionMapper
  Response missing(Preconditions.Missing e) {
    return problem(428, "Precondition required", e.getMessage(), null, null);
  }

  @ServerExceptionMapper
  Response conflict(VersionConflict e) {
    return Response.status(412)
        .type(AlertResource.PROBLEM)
        .entity(
            Json.write(
                new Problem(
                    "about:blank",
                    "Changed meanwhile",
                    412,
                    e.getMessage(),
                    null,
                    null,
                    e.version())))
        .build();
  }

  private static Response unusable(ConfigException e) {
    return e.place()
        .map(
            place ->
                problem(
                    400,
                    "Unusable agreement",
                    place.problem(),
                    place.field().isEmpty() ? null : place.field(),
                    place.line()))
        .orElseGet(() -> problem(400, "Unusable agreement", e.getMessage(), null, null));
  }

  private static Response problem(
      int status, String title, String detail, String field, Integer line) {
    return Response.status(status)
        .type(AlertResource.PROBLEM)
        .entity(Json.write(new Problem("about:blank", title, status, detail, field, line, null)))
        .build();
  }

  // ---- shared

  private Registry read() {
    return usable(registry.folder()::registry);
  }

  private static <T> T usable(Supplier<T> access) {
    try {
      return access.get();
    } catch (ConfigException e) {
      throw new RegistryUnusable(e);
    }
  }

  private static Response changed(int status, RegistryFolder.Written written, String id) {
    Agreement agreement = written.registry().find(id).orElseThrow();
    return Response.status(status)
        .location(status == 201 ? URI.create("/api/agreements/" + encoded(id)) : null)
        .header("ETag", Preconditions.tag(written.registry().version(agreement.chain())))
        .entity(Json.write(agreement))
        .build();
  }

  private static String encoded(String id) {
    return java.net.URLEncoder.encode(id, java.nio.charset.StandardCharsets.UTF_8);
  }

  private static Response tagged(String version, String json) {
    return Response.ok(json)
        .header("ETag", Preconditions.tag(version))
        .header("Cache-Control", "no-cache")
        .build();
  }

  /** Who is logged in; without a login it can be anybody on this machine. */
  private static Author author(SecurityContext user, String why) {
    return new Author(
        user.getUserPrincipal() == null ? "local" : user.getUserPrincipal().getName(), "api", why);
  }

  private static PartialDate day(Yaml value) {
    try {
      return PartialDate.parse(value.text());
    } catch (IllegalArgumentException e) {
      throw value.problem(e.getMessage());
    }
  }

  private static String address(Yaml value) {
    return Source.address(value.text())
        .orElseThrow(() -> value.problem("'" + value.text() + "' is no address of a page"));
  }
}
