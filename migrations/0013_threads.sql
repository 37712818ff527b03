-- When what stands elsewhere around a thing (its conversation) or behind an actor (what it published) was last looked for.
CREATE TABLE walk (
  object BIGINT PRIMARY KEY REFERENCES object (key),
  walked BIGINT NOT NULL,
  -- How much the last look brought, and all of them together.
  found BIGINT NOT NULL,
  total BIGINT NOT NULL
);

-- Earlier versions of what was edited, the newest last: only what readers saw of them.
CREATE TABLE version (
  key {key},
  object BIGINT NOT NULL REFERENCES object (key),
  -- When this version was written.
  made BIGINT NOT NULL,
  document TEXT NOT NULL
);
CREATE INDEX version_by_object ON version (object, key);
