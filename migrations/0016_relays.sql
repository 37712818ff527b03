-- Relays that this server takes part in (FEP-ae0c).
CREATE TABLE relay (
  key {key},
  -- As it was entered: an inbox for Mastodon's kind, an actor for LitePub's.
  address TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('mastodon', 'litepub')),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'refused')),
  -- Where what is public is sent.
  inbox TEXT NOT NULL,
  host BIGINT NOT NULL REFERENCES host (key),
  -- Its actor; of Mastodon's kind not known before it has answered.
  actor BIGINT REFERENCES object (key),
  -- The Follow by which this server's own actor asked to take part.
  follow BIGINT NOT NULL REFERENCES object (key),
  -- How many posts are taken from it in an hour, at most.
  per_hour BIGINT NOT NULL CHECK (per_hour >= 0),
  created BIGINT NOT NULL
);
