-- Invitations into a group by link. Codes stay readable, so that a moderator can show them again.
CREATE TABLE group_invitation (
  key {key},
  code TEXT NOT NULL UNIQUE,
  group_key BIGINT NOT NULL REFERENCES object (key),
  creator BIGINT NOT NULL REFERENCES object (key),
  uses_left BIGINT NOT NULL CHECK (uses_left >= 0),
  used BIGINT NOT NULL DEFAULT 0,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  revoked BIGINT
);
CREATE INDEX group_invitation_by_group ON group_invitation (group_key, key);

-- The groups that live here, for their list.
CREATE INDEX object_groups ON object (host, key) WHERE kind = 'actor' AND type = 'Group';
