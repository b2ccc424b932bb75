-- What runs are searched and sorted by: small rows, so that thousands are looked through at once. Filled at the next
-- start wherever a run has none.
CREATE TABLE listing (
  run_id   VARCHAR(64)${bytewise} NOT NULL PRIMARY KEY,
  status   VARCHAR(16)      NOT NULL,
  name     TEXT${bytewise}  NOT NULL, -- folded, as all words here
  accuracy DOUBLE PRECISION NOT NULL, -- -1 if there is none
  shown    TEXT             NOT NULL, -- what a list shows of it, and its note
  settings TEXT             NOT NULL  -- all of them
);
CREATE INDEX listing_name ON listing (name, run_id);
CREATE INDEX listing_accuracy ON listing (accuracy, run_id);
