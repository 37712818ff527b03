-- Activities from elsewhere that a group here is passing on, as they came: their proofs hold for these very bytes.
-- Swept once nothing of it waits to be delivered.
CREATE TABLE passed_on (
  activity BIGINT PRIMARY KEY REFERENCES object (key),
  body TEXT NOT NULL,
  kept BIGINT NOT NULL
) {clustered};
CREATE INDEX passed_on_by_age ON passed_on (kept);
