-- A notice may be about a row of another table (a report, a decision), which its activity does not name.
CREATE TABLE notice_anew (
  key {key},
  actor BIGINT NOT NULL REFERENCES object (key),
  kind TEXT NOT NULL,
  -- What happened, or the actor that it is about where no activity says it.
  activity BIGINT NOT NULL REFERENCES object (key),
  -- The key of that row, 0 for none.
  matter BIGINT NOT NULL DEFAULT 0,
  UNIQUE (actor, activity, kind, matter)
);
INSERT INTO notice_anew (key, actor, kind, activity) SELECT key, actor, kind, activity FROM notice;
DROP TABLE notice;
ALTER TABLE notice_anew RENAME TO notice;
CREATE INDEX notice_by_actor ON notice (actor, key);
-- For what is taken back.
CREATE INDEX notice_by_activity ON notice (activity);

-- From whom somebody wants to be told things. Without a row everybody is heard but those who are limited.
CREATE TABLE notice_policy (
  actor BIGINT PRIMARY KEY REFERENCES object (key),
  not_following TEXT NOT NULL CHECK (not_following IN ('accept', 'filter', 'drop')),
  not_followers TEXT NOT NULL CHECK (not_followers IN ('accept', 'filter', 'drop')),
  new_accounts TEXT NOT NULL CHECK (new_accounts IN ('accept', 'filter', 'drop')),
  private_mentions TEXT NOT NULL CHECK (private_mentions IN ('accept', 'filter', 'drop')),
  limited_accounts TEXT NOT NULL CHECK (limited_accounts IN ('accept', 'filter', 'drop'))
) {clustered};

-- What somebody decided about a sender whose notices the policy keeps back: heard in spite of it, or put aside.
CREATE TABLE notice_sender (
  actor BIGINT NOT NULL REFERENCES object (key),
  sender BIGINT NOT NULL REFERENCES object (key),
  state TEXT NOT NULL CHECK (state IN ('accepted', 'dismissed')),
  -- Of what was put aside: the newest notice then.
  up_to BIGINT NOT NULL,
  PRIMARY KEY (actor, sender)
) {clustered};

-- How often, and when, a marker was moved: two programs that move it at once are told.
ALTER TABLE marker ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE marker ADD COLUMN moved BIGINT NOT NULL DEFAULT 0;

-- Filters may put pictures behind a cover, and name posts besides words.
CREATE TABLE filter_anew (
  key {key},
  actor BIGINT NOT NULL REFERENCES object (key),
  title TEXT NOT NULL,
  -- JSON: [{ key, text, isWhole }].
  phrases TEXT NOT NULL,
  -- JSON: [{ key, object }], where `object` is the key of a row.
  objects TEXT NOT NULL DEFAULT '[]',
  -- JSON: ["home", "notices", …].
  contexts TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('hide', 'warn', 'blur')),
  expires BIGINT
);
INSERT INTO filter_anew (key, actor, title, phrases, contexts, action, expires)
  SELECT key, actor, title, phrases, contexts, action, expires FROM filter;
DROP TABLE filter;
ALTER TABLE filter_anew RENAME TO filter;
CREATE INDEX filter_by_actor ON filter (actor, key);

-- Which conversation a thing that is only for those addressed belongs to: the first thing of it.
CREATE TABLE talk_post (
  object BIGINT PRIMARY KEY REFERENCES object (key),
  root BIGINT NOT NULL REFERENCES object (key)
) {clustered};
CREATE INDEX talk_post_by_root ON talk_post (root, object);

-- A conversation as it lies before one person here.
CREATE TABLE talk (
  key {key},
  actor BIGINT NOT NULL REFERENCES object (key),
  root BIGINT NOT NULL REFERENCES object (key),
  -- The newest thing in it.
  last BIGINT NOT NULL REFERENCES object (key),
  -- 1 until it was read.
  unread BIGINT NOT NULL CHECK (unread IN (0, 1)),
  UNIQUE (actor, root)
);
CREATE INDEX talk_by_last ON talk (actor, last);

-- Who else takes part in it.
CREATE TABLE talk_person (
  talk BIGINT NOT NULL REFERENCES talk (key) ON DELETE CASCADE,
  person BIGINT NOT NULL REFERENCES object (key),
  PRIMARY KEY (talk, person)
) {clustered};

-- What somebody wrote to be published later.
CREATE TABLE scheduled (
  key {key},
  actor BIGINT NOT NULL REFERENCES object (key),
  due BIGINT NOT NULL,
  -- The activity to do then, as JSON.
  draft TEXT NOT NULL,
  -- What the program or page sent, as JSON, to show it, and to write it anew.
  asked TEXT NOT NULL,
  -- Why it could not be published, null while it waits.
  failed TEXT,
  created BIGINT NOT NULL
);
CREATE INDEX scheduled_by_actor ON scheduled (actor, key);
