-- Work that is done later: deliveries, fetches, mail. A row is a promise that survives kill -9.
-- Times are milliseconds since 1970.
CREATE TABLE job (
  key {key},
  kind TEXT NOT NULL,
  -- What shares a limit within its kind (a host); '' for none.
  lane TEXT NOT NULL,
  payload TEXT NOT NULL,
  -- When it may run next.
  due BIGINT NOT NULL,
  -- How often it has failed.
  tries BIGINT NOT NULL DEFAULT 0,
  -- Counts its claims: whoever ends it must be the one who claimed it last.
  claim BIGINT NOT NULL DEFAULT 0,
  -- Until when a worker holds it.
  lease BIGINT,
  -- When it was given up; kept for a person to look at.
  buried BIGINT,
  -- Two jobs with the same name are one.
  once TEXT,
  last_error TEXT
);
CREATE INDEX job_in_lane ON job (kind, lane, due) WHERE lease IS NULL AND buried IS NULL;
CREATE INDEX job_by_due ON job (due, kind, lane) WHERE lease IS NULL AND buried IS NULL;
CREATE INDEX job_leased ON job (lease) WHERE lease IS NOT NULL;
CREATE INDEX job_buried ON job (key) WHERE buried IS NOT NULL;
CREATE UNIQUE INDEX job_once ON job (once) WHERE once IS NOT NULL;
