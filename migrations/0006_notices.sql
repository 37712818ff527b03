-- What happened to somebody here, newest last.
CREATE TABLE notice (
  key {key},
  actor BIGINT NOT NULL REFERENCES object (key),
  kind TEXT NOT NULL,
  activity BIGINT NOT NULL REFERENCES object (key),
  UNIQUE (actor, activity, kind)
);
CREATE INDEX notice_by_actor ON notice (actor, key);

-- How far somebody has read a list.
CREATE TABLE marker (
  actor BIGINT NOT NULL REFERENCES object (key),
  name TEXT NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (actor, name)
) {clustered};
