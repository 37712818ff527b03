-- Deliveries in order: within a lane (a host) the jobs of one line (an author) run one after the other, by key, and one
-- that failed holds the next ones back. Null where the order does not matter.
ALTER TABLE job ADD COLUMN line TEXT;
DROP INDEX job_in_lane;
CREATE INDEX job_in_lane ON job (kind, lane, due) WHERE line IS NULL AND lease IS NULL AND buried IS NULL;
CREATE INDEX job_in_line ON job (kind, lane, line, key) WHERE line IS NOT NULL AND buried IS NULL;
DROP INDEX job_by_due;
CREATE INDEX job_by_due ON job (due, kind, lane, line) WHERE lease IS NULL AND buried IS NULL;

-- Since when the people who run this server have stopped deliveries to it.
ALTER TABLE peer ADD COLUMN held BIGINT;
-- Since when it is taken for gone: nothing is delivered before it shows life.
ALTER TABLE peer ADD COLUMN dead BIGINT;
-- When it was last asked whether it is back.
ALTER TABLE peer ADD COLUMN probed BIGINT;
CREATE INDEX peer_failing ON peer (failing_since) WHERE failing_since IS NOT NULL;

-- When its actor says that the key ends (CID 1.0 §2.2); null where nothing is said.
ALTER TABLE remote_key ADD COLUMN expires BIGINT;
