-- Work that is done later: deliveries, fetches, mail. A row is a promise that survives kill -9.
-- Times are milliseconds since 1970. lane: what shares a limit (a host). due: when it may run next.
-- lease: until when a worker holds it. buried: when it was given up, kept for a person to look at.
-- once: two jobs with the same name are one.
CREATE TABLE job (
  key {key},
  kind TEXT NOT NULL,
  lane TEXT NOT NULL,
  payload TEXT NOT NULL,
  due BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  lease BIGINT,
  buried BIGINT,
  once TEXT UNIQUE,
  last_error TEXT
);
