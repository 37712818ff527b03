-- What those who run the server decided about other servers. A rule holds for the domain and every name below it;
-- the most specific one wins.
CREATE TABLE domain_rule (
  -- As `normaliseDomain` (lib/domain.ts) writes it.
  domain TEXT PRIMARY KEY,
  -- none: nothing but what the two columns below say.
  level TEXT NOT NULL CHECK (level IN ('allow', 'none', 'limit', 'block')),
  -- 1 where its files, and its reports, are not taken.
  no_media BIGINT NOT NULL CHECK (no_media IN (0, 1)),
  no_reports BIGINT NOT NULL CHECK (no_reports IN (0, 1)),
  public_comment TEXT NOT NULL,
  private_comment TEXT NOT NULL,
  -- The list that it came from, as its key; null where a person wrote it.
  list BIGINT,
  -- The account that decided it; null for the command line and for lists that accept by themselves.
  by_account BIGINT REFERENCES object (key),
  changed BIGINT NOT NULL
) {clustered};
CREATE INDEX domain_rule_by_list ON domain_rule (list) WHERE list IS NOT NULL;

-- Servers of which nothing is shown: blocked, or no partner while only partners count. Derived from the rules and kept
-- in the batch that changes them, so that every read costs one look into a small table.
CREATE TABLE hidden_host (
  host BIGINT PRIMARY KEY REFERENCES host (key)
) {clustered};

-- The same for servers that are limited: not in public lists for people who do not follow anybody there.
CREATE TABLE limited_host (
  host BIGINT PRIMARY KEY REFERENCES host (key)
) {clustered};

-- Lists of rules that others keep, and files that were read in: a draft until somebody accepts it.
CREATE TABLE domain_list (
  key {key},
  -- Where it is fetched every day; null for a file that was read in once.
  url TEXT UNIQUE,
  name TEXT NOT NULL,
  -- What its names mean where it does not say it.
  plain TEXT NOT NULL CHECK (plain IN ('allow', 'block')),
  -- 1 where what changes is accepted without asking.
  accepts_itself BIGINT NOT NULL CHECK (accepts_itself IN (0, 1)),
  etag TEXT,
  fetched BIGINT,
  -- What went wrong the last time, in words.
  failed TEXT,
  -- The rules of the list as it was last read, as JSON, where they were not accepted yet; null otherwise.
  draft TEXT,
  by_account BIGINT REFERENCES object (key),
  created BIGINT NOT NULL
);

-- Followings that ended because a server was blocked, for the person here to see.
CREATE TABLE severed (
  key {key},
  actor BIGINT NOT NULL REFERENCES object (key),
  other BIGINT NOT NULL REFERENCES object (key),
  -- following: the person here followed the other; follower: the other followed them.
  direction TEXT NOT NULL CHECK (direction IN ('following', 'follower')),
  domain TEXT NOT NULL
);
CREATE INDEX severed_by_actor ON severed (actor, key);

-- Every act of those who run the server or look after it. Its key says when.
CREATE TABLE audit (
  key {key},
  -- The actor that did it; null for the command line and for the program itself.
  who BIGINT REFERENCES object (key),
  act TEXT NOT NULL,
  -- Whom or what it is about: a row, or a word (a domain, a setting).
  about BIGINT REFERENCES object (key),
  subject TEXT,
  -- What it was made, in a word of the act's own: `block`, `teacher`.
  detail TEXT,
  reason TEXT,
  -- 1 where everybody may read it.
  is_public BIGINT NOT NULL CHECK (is_public IN (0, 1))
);
CREATE INDEX audit_public ON audit (key) WHERE is_public = 1;
CREATE INDEX audit_about ON audit (about, key) WHERE about IS NOT NULL;
