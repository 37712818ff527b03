-- The pair of keys by which push services know this server (RFC 8292): one row, made at the first start.
CREATE TABLE push_key (
  name TEXT PRIMARY KEY,
  -- A point of P-256, uncompressed, and its scalar; base64url.
  public_key TEXT NOT NULL,
  private_key TEXT NOT NULL,
  created BIGINT NOT NULL
) {clustered};

-- Where somebody's programs and browsers are told of notices while they sleep (RFC 8030). Programs read the key as a
-- small number.
CREATE TABLE push_subscription (
  key {serial},
  account BIGINT NOT NULL REFERENCES account (actor),
  -- It ends with the consent of the program, or with the session of the browser.
  consent BIGINT UNIQUE REFERENCES oauth_grant (key) ON DELETE CASCADE,
  session BIGINT UNIQUE REFERENCES session (key) ON DELETE CASCADE,
  endpoint TEXT NOT NULL,
  -- Of the program: a point of P-256 and 16 bytes, base64url (RFC 8291 §3).
  public_key TEXT NOT NULL,
  auth TEXT NOT NULL,
  -- Kinds of notices (` like mention `, with a blank around each).
  alerts TEXT NOT NULL,
  -- Of whom: everybody, those whom the person follows, those who follow the person, nobody.
  policy TEXT NOT NULL CHECK (policy IN ('all', 'followed', 'follower', 'none')),
  -- 0 where the program only reads the draft of 2016 (aesgcm).
  standard BIGINT NOT NULL CHECK (standard IN (0, 1)),
  -- The program's own token, by which it tells the accounts of one telephone apart; sent to it encrypted, nowhere else.
  token TEXT,
  created BIGINT NOT NULL,
  CHECK ((consent IS NULL) <> (session IS NULL))
);
CREATE INDEX push_subscription_by_account ON push_subscription (account, key);
