package dev.pactwatch.web;

import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Contract;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What others may build on, as it is packaged: a JSON Schema for every kind of record, AsyncAPI for
 * topics and live streams, OpenAPI for HTTP. The same for everybody, so that nobody has to log in.
 */
@Path("/contracts")
@Produces(MediaType.APPLICATION_JSON)
public class ContractResource {

  /** By file, in the order in which they are listed. */
  private static final Map<String, Document> DOCUMENTS = load();

  /**
   * One of the list.
   *
   * @param id of a schema, as {@code ce_dataschema} names it; null for the other documents
   * @param ceType of the records that a schema is about; null for the other documents
   */
  public record Listed(String file, String href, String mediaType, String id, String ceType) {}

  /** Everything there is. */
  public record Listing(List<Listed> contracts) {}

  private record Document(Listed listed, byte[] text, String tag) {}

  /** What there is. */
  @GET
  public String list() {
    return Json.write(new Listing(DOCUMENTS.values().stream().map(Document::listed).toList()));
  }

  /** One document. */
  @GET
  @Path("{file}")
  public Response show(
      @PathParam("file") String file, @HeaderParam("If-None-Match") String ifNoneMatch) {
    Document document = DOCUMENTS.get(file);
    if (document == null) {
      return AlertResource.problem(404, "No such contract", "see /contracts for what there is");
    }
    Response.ResponseBuilder answer =
        document.tag().equals(ifNoneMatch)
            ? Response.notModified()
            : Response.ok(document.text()).type(document.listed().mediaType());
    return answer.header("ETag", document.tag()).header("Cache-Control", "no-cache").build();
  }

  private static Map<String, Document> load() {
    List<Listed> all = new ArrayList<>();
    for (Contract contract : Contract.values()) {
      all.add(
          listed(contract.file(), "application/schema+json", contract.schema(), contract.type()));
    }
    all.add(listed("asyncapi.json", "application/vnd.aai.asyncapi+json;version=3.0.0", null, null));
    all.add(listed("openapi.json", "application/vnd.oai.openapi+json;version=3.1", null, null));
    Map<String, Document> documents = new LinkedHashMap<>();
    all.forEach(
        one -> {
          String tag = Assets.version(List.of(Contract.RESOURCES + one.file()));
          documents.put(one.file(), new Document(one, read(one.file()), Preconditions.tag(tag)));
        });
    return documents;
  }

  private static Listed listed(String file, String mediaType, String id, String ceType) {
    return new Listed(file, "/contracts/" + file, mediaType, id, ceType);
  }

  private static byte[] read(String file) {
    try (InputStream in = ContractResource.class.getResourceAsStream(Contract.RESOURCES + file)) {
      if (in == null) {
        throw new IllegalStateException("the build lacks " + Contract.RESOURCES + file);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
