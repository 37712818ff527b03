-- Pictures of other servers that a node keeps on its own disk, so that readers are not sent there for them.
CREATE TABLE media_cache (
  -- Whose disk it is (the setting `node`): no node looks after files that it cannot see.
  node BIGINT NOT NULL,
  -- SHA-256 of the kind of picture and its address, in base64url.
  id TEXT NOT NULL,
  -- The file: SHA-256 of its bytes in hexadecimal, a dot, an extension. Several addresses may give the same picture.
  name TEXT NOT NULL,
  host TEXT NOT NULL,
  size BIGINT NOT NULL CHECK (size > 0),
  -- When somebody last looked at it, within some hours.
  used BIGINT NOT NULL,
  PRIMARY KEY (node, id)
) {clustered};
CREATE INDEX media_cache_by_use ON media_cache (node, used);
CREATE INDEX media_cache_by_host ON media_cache (node, host, used);
CREATE INDEX media_cache_by_name ON media_cache (node, name);
