-- Lists that somebody keeps of people they follow: each is a collection of theirs (`object`), with what SQL has to know of
-- it. Who is in it is in its list `items`, its lines in its lane `home`; whom it holds has it in the list `listed`.
CREATE TABLE person_list (
  key BIGINT PRIMARY KEY REFERENCES object (key),
  owner BIGINT NOT NULL REFERENCES object (key),
  -- 1 where what these people write is in the list alone, and not in the home feed.
  exclusive BIGINT NOT NULL CHECK (exclusive IN (0, 1)),
  -- Answers to whom are shown: to those whom the owner follows, to those in the list, or none.
  replies TEXT NOT NULL CHECK (replies IN ('followed', 'list', 'none'))
) {clustered};
CREATE INDEX person_list_by_owner ON person_list (owner);

-- On what terms somebody here follows another, where they are not the usual ones. The row ends with the following.
CREATE TABLE follow_terms (
  actor BIGINT NOT NULL REFERENCES object (key),
  followed BIGINT NOT NULL REFERENCES object (key),
  -- 0 where what they share is no line of the home feed.
  shares BIGINT NOT NULL CHECK (shares IN (0, 1)),
  -- 1 where each of their posts is told.
  tells BIGINT NOT NULL CHECK (tells IN (0, 1)),
  -- Languages that are read (` de en `, with a blank around each); empty for all.
  languages TEXT NOT NULL,
  PRIMARY KEY (actor, followed)
) {clustered};
CREATE INDEX follow_terms_by_followed ON follow_terms (followed);

-- What somebody noted about another, for their own eyes.
CREATE TABLE remark (
  actor BIGINT NOT NULL REFERENCES object (key),
  about BIGINT NOT NULL REFERENCES object (key),
  text TEXT NOT NULL,
  PRIMARY KEY (actor, about)
) {clustered};

-- Whom most people here follow.
CREATE INDEX collection_most_followed ON collection (total, owner) WHERE name = 'followers' AND total > 0;
