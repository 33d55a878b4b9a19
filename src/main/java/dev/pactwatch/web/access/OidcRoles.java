package dev.pactwatch.web.access;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What the roles that an OpenID Connect server writes into its tokens mean here. Which claim holds
 * them is {@code quarkus.oidc.roles.role-claim-path}.
 */
@ApplicationScoped
public class OidcRoles {

  private final boolean configured;
  private final List<String> viewer;
  private final List<String> editor;
  private final List<String> admin;

  OidcRoles(
      @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> server,
      @ConfigProperty(name = "pactwatch.access.oidc-viewer", defaultValue = "viewer")
          List<String> viewer,
      @ConfigProperty(name = "pactwatch.access.oidc-editor", defaultValue = "editor")
          List<String> editor,
      @ConfigProperty(name = "pactwatch.access.oidc-admin", defaultValue = "admin")
          List<String> admin) {
    this.configured = server.filter(address -> !address.isBlank()).isPresent();
    this.viewer = viewer;
    this.editor = editor;
    this.admin = admin;
  }

  boolean configured() {
    return configured;
  }

  /** The highest; empty for somebody who is known there and has no business here. */
  Optional<AccessRole> role(Set<String> claimed) {
    if (!Collections.disjoint(claimed, admin)) {
      return Optional.of(AccessRole.ADMIN);
    }
    if (!Collections.disjoint(claimed, editor)) {
      return Optional.of(AccessRole.EDITOR);
    }
    return Collections.disjoint(claimed, viewer)
        ? Optional.empty()
        : Optional.of(AccessRole.VIEWER);
  }
}
