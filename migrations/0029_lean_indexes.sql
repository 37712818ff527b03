-- SQLite ends every entry of an index with the row's key: what names the key once more holds it twice, and takes a fifth more
-- room. PostgreSQL needs the name, and keeps these indexes as they are.
DROP INDEX object_by_owner;
CREATE INDEX object_by_owner ON object (owner, kind) WHERE owner IS NOT NULL;
DROP INDEX object_listed;
CREATE INDEX object_listed ON object (host) WHERE kind = 'object' AND visibility = 0;
DROP INDEX notice_by_actor;
CREATE INDEX notice_by_actor ON notice (actor);
