-- Keys of actors here, with which their requests and objects are signed.
CREATE TABLE actor_key (
  actor BIGINT NOT NULL REFERENCES object (key),
  kind TEXT NOT NULL CHECK (kind IN ('rsa', 'ed25519')),
  -- The address under which the public half is published.
  iri TEXT NOT NULL,
  public_pem TEXT NOT NULL,
  private_pem TEXT NOT NULL,
  created BIGINT NOT NULL,
  PRIMARY KEY (actor, kind)
) {clustered};

-- Public keys of actors elsewhere, by the address that signatures name.
CREATE TABLE remote_key (
  iri TEXT PRIMARY KEY,
  actor BIGINT NOT NULL REFERENCES object (key),
  kind TEXT NOT NULL CHECK (kind IN ('rsa', 'ed25519')),
  public_pem TEXT NOT NULL,
  fetched BIGINT NOT NULL
) {clustered};
CREATE INDEX remote_key_by_actor ON remote_key (actor);

-- What we remember of another server: the signature that it accepts, and whether it answers.
CREATE TABLE peer (
  host BIGINT PRIMARY KEY REFERENCES host (key),
  scheme TEXT CHECK (scheme IN ('cavage', 'rfc9421')),
  failures BIGINT NOT NULL DEFAULT 0,
  failing_since BIGINT,
  paused_until BIGINT,
  arrived BIGINT,
  received BIGINT,
  last_error TEXT
);

-- How an activity of ours travels to each other server; its author can see it.
CREATE TABLE delivery (
  activity BIGINT NOT NULL REFERENCES object (key),
  host BIGINT NOT NULL REFERENCES host (key),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'arrived', 'given-up')),
  tries BIGINT NOT NULL DEFAULT 0,
  changed BIGINT NOT NULL,
  last_error TEXT,
  PRIMARY KEY (activity, host)
) {clustered};
CREATE INDEX delivery_by_host ON delivery (host, state) WHERE state <> 'arrived';
