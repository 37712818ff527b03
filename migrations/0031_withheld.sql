-- 1 where only the staff may look at it: the staff took away what had it, or nothing has it but evidence. It goes when it
-- expires, which is put off while there is evidence.
ALTER TABLE media ADD COLUMN withheld BIGINT NOT NULL DEFAULT 0 CHECK (withheld IN (0, 1));
-- What was kept for evidence until now is judged when files are swept next.
UPDATE media SET expires = 0 WHERE expires IS NULL AND EXISTS (
  SELECT 1 FROM object o JOIN evidence e ON e.object = o.key
  WHERE o.owner = media.owner AND o.deleted IS NOT NULL AND e.content LIKE '%' || media.name || '%');
