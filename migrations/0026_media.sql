-- A smaller copy of a picture, a still of a film or the cover of a sound: a file of its own beside the first.
ALTER TABLE media ADD COLUMN preview TEXT;
ALTER TABLE media ADD COLUMN preview_width BIGINT;
ALTER TABLE media ADD COLUMN preview_height BIGINT;
CREATE INDEX media_by_preview ON media (preview) WHERE preview IS NOT NULL;
-- What it looks like in thirty letters (BlurHash), until the picture is there.
ALTER TABLE media ADD COLUMN blurhash TEXT;
-- In milliseconds, of what is heard or moves.
ALTER TABLE media ADD COLUMN duration BIGINT;
-- As its sender calls it, for what is saved and not shown.
ALTER TABLE media ADD COLUMN file_name TEXT;

-- What an app said of it before it is in a post: words for those who cannot see it, and `x,y` of what matters in it.
ALTER TABLE media ADD COLUMN description TEXT;
ALTER TABLE media ADD COLUMN focus TEXT;
-- When it goes, unless something uses it before; null where it stays.
ALTER TABLE media ADD COLUMN expires BIGINT;
CREATE INDEX media_by_expiry ON media (expires) WHERE expires IS NOT NULL;
-- Until when its preview is waited for; null where none is being made.
ALTER TABLE media ADD COLUMN pending BIGINT;
