-- What a program has posted under a key that it chose (Idempotency-Key): sent again, it is the same post.
CREATE TABLE posted_once (
  account BIGINT NOT NULL,
  name TEXT NOT NULL,
  object BIGINT NOT NULL,
  -- Milliseconds since 1970.
  made BIGINT NOT NULL,
  PRIMARY KEY (account, name)
);
CREATE INDEX posted_once_by_time ON posted_once (made);

-- What lies behind an address that a post leads to, for the picture and words below the post. The post has a fact
-- `preview` with the address.
CREATE TABLE preview (
  url TEXT PRIMARY KEY,
  -- When it was looked at, in milliseconds since 1970.
  fetched BIGINT NOT NULL,
  -- JSON, or NULL where there is nothing to show.
  card TEXT
);
