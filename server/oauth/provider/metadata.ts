/** What clients are told beforehand: RFC 8414 about the authorization server, RFC 9728 about what it guards. */
import { GRANT_TYPES } from "./client-metadata.ts";
import { SCOPES } from "./scopes.ts";

/** At `/.well-known/oauth-authorization-server`. `app_registration_endpoint` is Mastodon's. */
export const serverMetadata = (origin: string): Record<string, unknown> => ({
  issuer: origin,
  authorization_endpoint: `${origin}/oauth/authorize`,
  token_endpoint: `${origin}/oauth/token`,
  registration_endpoint: `${origin}/oauth/register`,
  userinfo_endpoint: `${origin}/oauth/userinfo`,
  revocation_endpoint: `${origin}/oauth/revoke`,
  introspection_endpoint: `${origin}/oauth/introspect`,
  app_registration_endpoint: `${origin}/api/v1/apps`,
  scopes_supported: SCOPES,
  response_types_supported: ["code"],
  response_modes_supported: ["query"],
  grant_types_supported: GRANT_TYPES,
  token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
  revocation_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
  introspection_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
  code_challenge_methods_supported: ["S256"],
  client_id_metadata_document_supported: true,
  authorization_response_iss_parameter_supported: true,
  protected_resources: [origin],
});

/** At `/.well-known/oauth-protected-resource`. */
export const resourceMetadata = (origin: string): Record<string, unknown> => ({
  resource: origin,
  authorization_servers: [origin],
  scopes_supported: SCOPES,
  bearer_methods_supported: ["header"],
});
