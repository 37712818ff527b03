-- Posts that are for those addressed alone (visibility 3) are in a list of their own besides, so that they can be left out
-- of the number of posts that is shown of their author.
INSERT INTO collection (owner, name, total)
SELECT c.owner, 'confided', count(*) FROM collection c JOIN member m ON m.collection = c.key
  JOIN object a ON a.key = m.item JOIN object o ON o.key = a.subject
  WHERE c.name = 'posts' AND o.owner = c.owner AND o.kind = 'object' AND o.visibility = 3
  GROUP BY c.owner;
INSERT INTO member (collection, item)
SELECT w.key, m.item FROM collection w JOIN collection c ON c.owner = w.owner AND c.name = 'posts'
  JOIN member m ON m.collection = c.key JOIN object a ON a.key = m.item JOIN object o ON o.key = a.subject
  WHERE w.name = 'confided' AND o.owner = c.owner AND o.kind = 'object' AND o.visibility = 3;
