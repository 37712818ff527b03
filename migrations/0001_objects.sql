-- Servers, ours being number 0. What federation remembers of a server is in 0008.
CREATE TABLE host (
  key {serial},
  name TEXT NOT NULL UNIQUE
);
INSERT INTO host (key, name) VALUES (0, '');

-- Everything that has an address: objects, activities, actors, collections; ours and theirs.
-- A row with no document is known by its address only. Rows are buried, never deleted, so keys stay good.
CREATE TABLE object (
  key {key},
  iri TEXT NOT NULL UNIQUE,
  host BIGINT NOT NULL REFERENCES host (key),
  kind TEXT CHECK (kind IN ('object', 'activity', 'actor', 'collection')),
  type TEXT,
  -- Who answers for it: the actor of an activity, the author of an object.
  owner BIGINT REFERENCES object (key),
  -- What an activity is about; its document does not repeat it.
  subject BIGINT REFERENCES object (key),
  -- 0 public, 1 quiet (public, not listed), 2 followers, 3 only those addressed.
  visibility BIGINT NOT NULL DEFAULT 0 CHECK (visibility BETWEEN 0 AND 3),
  document TEXT,
  updated BIGINT,
  deleted BIGINT,
  fetched BIGINT
);
CREATE INDEX object_by_owner ON object (owner, kind, key) WHERE owner IS NOT NULL;
CREATE INDEX object_by_subject ON object (subject, type, owner) WHERE subject IS NOT NULL;
CREATE INDEX object_listed ON object (host, key) WHERE kind = 'object' AND visibility = 0;
CREATE INDEX object_actor_by_host ON object (host) WHERE kind = 'actor';

-- What is needed of an actor without opening its document.
CREATE TABLE actor (
  key BIGINT PRIMARY KEY REFERENCES object (key),
  -- 'alice' for people here, 'bob@there.example' for others; null where the name was never confirmed.
  handle TEXT UNIQUE,
  inbox TEXT,
  shared_inbox TEXT
);

-- A named list that belongs to an object: followers, likes, replies, home … `total` is kept, not counted.
CREATE TABLE collection (
  key {serial},
  owner BIGINT NOT NULL REFERENCES object (key),
  name TEXT NOT NULL,
  total BIGINT NOT NULL DEFAULT 0,
  UNIQUE (owner, name)
);

-- What is in a collection, and which activity keeps it there (none for inboxes and feeds).
CREATE TABLE member (
  collection BIGINT NOT NULL REFERENCES collection (key),
  item BIGINT NOT NULL REFERENCES object (key),
  cause BIGINT REFERENCES object (key),
  PRIMARY KEY (collection, item)
) {clustered};
CREATE INDEX member_by_cause ON member (cause) WHERE cause IS NOT NULL;
CREATE INDEX member_by_time ON member (collection, cause) WHERE cause IS NOT NULL;

-- Properties that can be asked for: pointers to other objects …
CREATE TABLE link (
  target BIGINT NOT NULL REFERENCES object (key),
  property TEXT NOT NULL,
  source BIGINT NOT NULL REFERENCES object (key),
  PRIMARY KEY (target, property, source)
) {clustered};
CREATE INDEX link_by_source ON link (source, property);

-- … and plain values (hashtags in lower case, whatever extensions name under "indexed").
CREATE TABLE fact (
  property TEXT NOT NULL,
  value TEXT NOT NULL,
  source BIGINT NOT NULL REFERENCES object (key),
  PRIMARY KEY (property, value, source)
) {clustered};
CREATE INDEX fact_by_source ON fact (source);
