-- People who live here. An account is keyed by its actor; rows are never deleted, so a name is given once.
CREATE TABLE account (
  actor {key} REFERENCES object (key),
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  -- In lower case; null where none was given.
  email TEXT UNIQUE,
  -- PHC string of argon2id; null for accounts that cannot sign in with a password.
  password TEXT,
  role TEXT NOT NULL CHECK (role IN ('admin', 'moderator', 'teacher', 'member')),
  state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'disabled')),
  -- What the person wrote when asking to join, and what the staff wrote when refusing or disabling.
  reason TEXT,
  note TEXT,
  invited_by BIGINT REFERENCES account (actor),
  locale TEXT,
  created BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  seen BIGINT
);
CREATE INDEX account_by_state ON account (state, actor);
CREATE INDEX account_by_role ON account (role) WHERE role <> 'member';

-- Browsers that are signed in. Of the token only the SHA-256 is kept.
CREATE TABLE session (
  key {key},
  hash TEXT NOT NULL UNIQUE,
  account BIGINT NOT NULL REFERENCES account (actor),
  agent TEXT NOT NULL,
  -- The network that the browser was last seen in (/32 or /64), not the machine.
  address TEXT NOT NULL,
  created BIGINT NOT NULL,
  seen BIGINT NOT NULL,
  expires BIGINT NOT NULL
);
CREATE INDEX session_by_account ON session (account, key);
CREATE INDEX session_by_expiry ON session (expires);

-- Codes stay readable, so that a teacher can show them again; they give no more than the role of a teacher.
CREATE TABLE invitation (
  key {key},
  code TEXT NOT NULL UNIQUE,
  creator BIGINT NOT NULL REFERENCES account (actor),
  role TEXT NOT NULL CHECK (role IN ('teacher', 'member')),
  note TEXT NOT NULL,
  uses_left BIGINT NOT NULL CHECK (uses_left >= 0),
  used BIGINT NOT NULL DEFAULT 0,
  created BIGINT NOT NULL,
  expires BIGINT,
  revoked BIGINT
);
CREATE INDEX invitation_by_creator ON invitation (creator, key);

-- Links that work once: claiming a new server, setting a new password. Of the token only the SHA-256 is kept.
CREATE TABLE ticket (
  hash TEXT PRIMARY KEY,
  purpose TEXT NOT NULL CHECK (purpose IN ('claim', 'password')),
  account BIGINT REFERENCES account (actor),
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  used BIGINT,
  CHECK (purpose = 'claim' OR account IS NOT NULL)
) {clustered};
CREATE INDEX ticket_by_account ON ticket (account) WHERE account IS NOT NULL;

-- What the people who run the server changed; everything else has the default of accounts/settings.ts.
CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  -- JSON, never looked into by SQL.
  value TEXT NOT NULL,
  changed BIGINT NOT NULL
) {clustered};
