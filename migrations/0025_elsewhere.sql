-- Accounts held elsewhere with which people sign in here.

-- Places whose accounts are good here, named by an admin. `oidc` finds its addresses by itself (OpenID Connect
-- Discovery), `oauth` is told them.
CREATE TABLE oauth_provider (
  key {key},
  kind TEXT NOT NULL CHECK (kind IN ('oidc', 'oauth')),
  name TEXT NOT NULL,
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  -- Needed to prove who we are, so it stays readable; shown to nobody. Null for a public client.
  client_secret TEXT,
  scope TEXT NOT NULL,
  authorization_endpoint TEXT,
  token_endpoint TEXT,
  userinfo_endpoint TEXT,
  -- What of the answer says who somebody is, where the protocol does not.
  subject_name TEXT NOT NULL,
  -- Who may join with it: as everywhere, those with an address in one of `domains`, or everybody it knows.
  admits TEXT NOT NULL CHECK (admits IN ('mode', 'domains', 'everyone')),
  -- A JSON list, never looked into by SQL.
  domains TEXT NOT NULL,
  created BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  CHECK (kind = 'oidc' OR (authorization_endpoint IS NOT NULL AND token_endpoint IS NOT NULL AND userinfo_endpoint IS NOT NULL))
);

-- What we are called at another server of the Fediverse, as it registered us.
CREATE TABLE oauth_remote_client (
  key {key},
  host TEXT NOT NULL,
  origin TEXT NOT NULL,
  -- What it calls itself in its answers (RFC 9207).
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  client_secret TEXT,
  authorization_endpoint TEXT NOT NULL,
  token_endpoint TEXT NOT NULL,
  revocation_endpoint TEXT,
  created BIGINT NOT NULL
);
CREATE INDEX oauth_remote_client_by_host ON oauth_remote_client (host, key);

-- Who somebody is elsewhere: by issuer and subject, never by an e-mail address.
CREATE TABLE oauth_identity (
  key {key},
  account BIGINT NOT NULL REFERENCES account (actor),
  kind TEXT NOT NULL CHECK (kind IN ('oidc', 'oauth', 'fediverse')),
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  -- As people know the place (`Moodle`), and themselves there (an address, a handle), as it was told last.
  place TEXT NOT NULL,
  label TEXT NOT NULL,
  created BIGINT NOT NULL,
  used BIGINT,
  UNIQUE (kind, issuer, subject)
);
CREATE INDEX oauth_identity_by_account ON oauth_identity (account, key);
