-- Files of people here. The bytes lie elsewhere under `name`, which is made from them: two people may have the same.
CREATE TABLE media (
  key {key},
  owner BIGINT NOT NULL REFERENCES object (key),
  -- SHA-256 of the bytes in hexadecimal, a dot, and an extension of `media/probe.ts`.
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL CHECK (size > 0),
  -- In pixels, for pictures.
  width BIGINT,
  height BIGINT,
  created BIGINT NOT NULL,
  UNIQUE (owner, name)
);
CREATE INDEX media_by_name ON media (name);
