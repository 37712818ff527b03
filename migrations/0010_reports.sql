-- What the staff decided about a row, on the row itself, so that no read has to ask another one. A sum of
-- 1 (its media stand behind a cover), 2 (kept out of public lists), 4 (out of sight with its owner) and
-- 8 (out of sight by itself). What an actor makes takes over the first three from it.
ALTER TABLE object ADD COLUMN held BIGINT NOT NULL DEFAULT 0;

-- A matter for the staff: all who reported one actor while it was open are in one.
CREATE TABLE report (
  key {key},
  -- The actor whom it is about.
  about BIGINT NOT NULL REFERENCES object (key),
  -- The group whose moderators see it; null where it is the server's business alone.
  place BIGINT REFERENCES object (key),
  category TEXT NOT NULL CHECK (category IN ('spam', 'rule', 'illegal', 'other')),
  state TEXT NOT NULL CHECK (state IN ('open', 'assigned', 'resolved', 'dismissed')),
  assignee BIGINT REFERENCES account (actor),
  -- What those who reported it were told when it was closed.
  outcome TEXT,
  changed BIGINT NOT NULL
);
CREATE INDEX report_by_state ON report (state, key);
CREATE INDEX report_by_about ON report (about, key);
CREATE INDEX report_by_place ON report (place, key) WHERE place IS NOT NULL;

-- One voice in it.
CREATE TABLE complaint (
  -- The Flag.
  activity BIGINT PRIMARY KEY REFERENCES object (key),
  report BIGINT NOT NULL REFERENCES report (key),
  -- Somebody here, or whoever speaks for another server.
  reporter BIGINT NOT NULL REFERENCES object (key),
  category TEXT NOT NULL CHECK (category IN ('spam', 'rule', 'illegal', 'other')),
  -- The rule that was broken, as it read then.
  rule TEXT,
  comment TEXT NOT NULL,
  -- 1 where the reporter wanted the other server to know.
  forwarded BIGINT NOT NULL CHECK (forwarded IN (0, 1))
) {clustered};
CREATE INDEX complaint_by_report ON complaint (report, activity);
CREATE INDEX complaint_by_reporter ON complaint (reporter, activity);

-- What the posts said when they were reported, whatever became of them.
CREATE TABLE evidence (
  report BIGINT NOT NULL REFERENCES report (key),
  object BIGINT NOT NULL REFERENCES object (key),
  taken BIGINT NOT NULL,
  -- JSON: texts and the addresses of media.
  content TEXT NOT NULL,
  PRIMARY KEY (report, object)
) {clustered};
CREATE INDEX evidence_by_time ON evidence (taken);

-- What the staff say to each other about it. The key says when.
CREATE TABLE report_note (
  key {key},
  report BIGINT NOT NULL REFERENCES report (key),
  author BIGINT NOT NULL REFERENCES object (key),
  text TEXT NOT NULL
);
CREATE INDEX report_note_by_report ON report_note (report, key);

-- What was done about somebody, and what they say to it. The key says when.
CREATE TABLE sanction (
  key {key},
  actor BIGINT NOT NULL REFERENCES object (key),
  -- The post, where it is about one.
  object BIGINT REFERENCES object (key),
  kind TEXT NOT NULL CHECK (kind IN ('warn', 'hide', 'cover', 'limit', 'suspend')),
  -- What the person is told.
  text TEXT NOT NULL,
  report BIGINT REFERENCES report (key),
  by_actor BIGINT REFERENCES object (key),
  lifted BIGINT,
  -- Of a suspension: when everything of the account is deleted, unless it ends before.
  erased_at BIGINT,
  appeal TEXT,
  appealed BIGINT,
  answer TEXT,
  answered BIGINT,
  answered_by BIGINT REFERENCES object (key)
);
CREATE INDEX sanction_by_actor ON sanction (actor, key);
CREATE INDEX sanction_by_object ON sanction (object) WHERE object IS NOT NULL;
CREATE INDEX sanction_appealed ON sanction (appealed) WHERE appealed IS NOT NULL AND answered IS NULL;

-- Words that somebody does not want to read.
CREATE TABLE filter (
  key {key},
  actor BIGINT NOT NULL REFERENCES object (key),
  title TEXT NOT NULL,
  -- JSON: [{ text, isWhole }].
  phrases TEXT NOT NULL,
  -- JSON: ["home", "notices", …].
  contexts TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('hide', 'warn')),
  expires BIGINT
);
CREATE INDEX filter_by_actor ON filter (actor, key);

-- Of a mute what its Add cannot say: when it ends, and whether notices are muted too. Without a row: never, and yes.
CREATE TABLE mute (
  activity BIGINT PRIMARY KEY REFERENCES object (key),
  ends BIGINT,
  notices BIGINT NOT NULL CHECK (notices IN (0, 1))
) {clustered};

-- Servers of which somebody does not want to see anything.
CREATE TABLE avoided_host (
  actor BIGINT NOT NULL REFERENCES object (key),
  host BIGINT NOT NULL REFERENCES host (key),
  since BIGINT NOT NULL,
  PRIMARY KEY (actor, host)
) {clustered};
