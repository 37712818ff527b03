-- Answers that fewer people see than what they answer (visibility: 0 public, 1 quiet, 2 followers, 3 those addressed) are in
-- a list of their own besides, so that they can be left out of the count of all.
INSERT INTO collection (owner, name, total)
SELECT c.owner, 'whispers', count(*) FROM collection c JOIN member m ON m.collection = c.key
  JOIN object o ON o.key = m.item JOIN object p ON p.key = c.owner
  WHERE c.name = 'replies' AND o.visibility > 1 AND o.visibility > p.visibility
  GROUP BY c.owner;
INSERT INTO member (collection, item, cause)
SELECT w.key, m.item, m.cause FROM collection w JOIN collection c ON c.owner = w.owner AND c.name = 'replies'
  JOIN member m ON m.collection = c.key JOIN object o ON o.key = m.item JOIN object p ON p.key = c.owner
  WHERE w.name = 'whispers' AND o.visibility > 1 AND o.visibility > p.visibility;
