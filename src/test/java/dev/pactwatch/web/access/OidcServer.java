package dev.pactwatch.web.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pactwatch.json.Json;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A server of logins on the loopback: its description, its key, and the exchange of codes. */
public final class OidcServer implements QuarkusTestResourceLifecycleManager {

  static final String CLIENT = "pactwatch-here";
  static final String CLIENT_SECRET = "a-client-secret-of-more-than-32-characters";

  /** Of the one server; the test and this class are loaded by different loaders. */
  private static final String STATE = "dev.pactwatch.test.oidc";

  private HttpServer http;
  private RSAKey key;

  @Override
  public Map<String, String> start() {
    try {
      key = new RSAKeyGenerator(2048).keyID("first").generate();
      http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    } catch (JOSEException | IOException e) {
      throw new IllegalStateException(e);
    }
    http.createContext("/.well-known/openid-configuration", this::description);
    http.createContext("/jwks", this::keys);
    http.createContext("/token", this::token);
    http.start();
    System.setProperty(STATE + ".key", key.toJSONString());
    System.setProperty(STATE + ".issuer", issuer());
    return Map.of(
        "quarkus.oidc.auth-server-url", issuer(),
        "quarkus.oidc.tenant-enabled", "true",
        "quarkus.oidc.client-id", CLIENT,
        "quarkus.oidc.credentials.secret", CLIENT_SECRET,
        "quarkus.oidc.roles.role-claim-path", "realm/roles",
        "pactwatch.access.oidc-admin", "chief,owner",
        "pactwatch.access.oidc-viewer", "reader",
        "pactwatch.config-dir", "target/oidc-test");
  }

  @Override
  public void stop() {
    if (http != null) {
      http.stop(0);
    }
  }

  private String issuer() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  private void description(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        200,
        Json.write(
            Map.of(
                "issuer", issuer(),
                "authorization_endpoint", issuer() + "/authorize",
                "token_endpoint", issuer() + "/token",
                "jwks_uri", issuer() + "/jwks",
                "response_types_supported", List.of("code"),
                "subject_types_supported", List.of("public"),
                "id_token_signing_alg_values_supported", List.of("RS256"))));
  }

  private void keys(HttpExchange exchange) throws IOException {
    answer(exchange, 200, new JWKSet(key.toPublicJWK()).toString());
  }

  /** The code names the role; a request without the proof of PKCE gets nothing. */
  private void token(HttpExchange exchange) throws IOException {
    Map<String, String> form = new HashMap<>();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    for (String pair : body.split("&")) {
      String[] both = pair.split("=", 2);
      form.put(both[0], URLDecoder.decode(both[1], StandardCharsets.UTF_8));
    }
    if (form.getOrDefault("code_verifier", "").length() < 43 || form.get("code") == null) {
      answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
      return;
    }
    String token = signed(key, claims(form.get("code"), 300).build());
    answer(
        exchange,
        200,
        Json.write(
            Map.of(
                "access_token",
                token,
                "id_token",
                token,
                "token_type",
                "Bearer",
                "expires_in",
                300)));
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  // ---- tokens, for the test

  static JWTClaimsSet.Builder claims(String role, int seconds) {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(System.getProperty(STATE + ".issuer"))
        .audience(CLIENT)
        .subject("0815")
        .claim("preferred_username", "carol")
        .claim("realm", Map.of("roles", List.of("somebody", role)))
        .issueTime(Date.from(now.minusSeconds(10)))
        .expirationTime(Date.from(now.plusSeconds(seconds)));
  }

  static RSAKey key() {
    try {
      return RSAKey.parse(System.getProperty(STATE + ".key"));
    } catch (java.text.ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  static String signed(RSAKey key, JWTClaimsSet claims) {
    return signed(key, key.getKeyID(), claims);
  }

  static String signed(RSAKey key, String id, JWTClaimsSet claims) {
    try {
      SignedJWT token =
          new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build(), claims);
      token.sign(new RSASSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static String unsigned(JWTClaimsSet claims) {
    return new PlainJWT(claims).serialize();
  }

  /** With the public key as if it were a shared secret. */
  static String confused(RSAKey key, JWTClaimsSet claims) {
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(), claims);
      token.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
