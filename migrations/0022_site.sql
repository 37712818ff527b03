-- What the people who run this server tell everybody here.
CREATE TABLE announcement (
  key {key},
  -- As it was typed, shown as text with links.
  text TEXT NOT NULL,
  -- When what it is about takes place.
  starts BIGINT,
  ends BIGINT,
  -- 1 for days without a time of day.
  all_day BIGINT NOT NULL CHECK (all_day IN (0, 1)),
  published BIGINT NOT NULL,
  updated BIGINT NOT NULL
);
CREATE INDEX announcement_by_time ON announcement (published);

CREATE TABLE announcement_read (
  announcement BIGINT NOT NULL REFERENCES announcement (key) ON DELETE CASCADE,
  actor BIGINT NOT NULL REFERENCES object (key),
  PRIMARY KEY (announcement, actor)
) {clustered};

CREATE TABLE announcement_reaction (
  announcement BIGINT NOT NULL REFERENCES announcement (key) ON DELETE CASCADE,
  -- One emoji, or the shortcode of one of ours.
  emoji TEXT NOT NULL,
  actor BIGINT NOT NULL REFERENCES object (key),
  PRIMARY KEY (announcement, emoji, actor)
) {clustered};

-- Pictures of this server that stand for `:shortcode:`.
CREATE TABLE emoji (
  key {key},
  shortcode TEXT NOT NULL UNIQUE,
  category TEXT NOT NULL,
  -- Path of the file below the origin.
  path TEXT NOT NULL,
  media_type TEXT NOT NULL,
  -- 0 where it is used but not offered.
  offered BIGINT NOT NULL CHECK (offered IN (0, 1)),
  changed BIGINT NOT NULL
);

-- What many here talk about these days, counted now and then: the best first.
CREATE TABLE trend (
  kind TEXT NOT NULL CHECK (kind IN ('tag', 'post', 'link')),
  rank BIGINT NOT NULL,
  -- The tag, the address, or the key of the post as text.
  name TEXT NOT NULL,
  -- JSON: figures of its days, and what a link is called.
  facts TEXT NOT NULL,
  PRIMARY KEY (kind, rank)
) {clustered};

-- What the staff do not want to see there.
CREATE TABLE trend_hidden (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (kind, name)
) {clustered};
