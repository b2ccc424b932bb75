-- A run as it was after its last event, so that a list needs no replay. The events are the truth.
CREATE TABLE runs (
  id       VARCHAR(64) PRIMARY KEY,
  ended    INTEGER     NOT NULL, -- 0 or 1
  last_seq BIGINT      NOT NULL,
  run      TEXT        NOT NULL  -- JSON
);
CREATE INDEX runs_unfinished ON runs (ended, id);

CREATE TABLE events (
  run_id VARCHAR(64) NOT NULL,
  seq    BIGINT      NOT NULL,
  event  TEXT        NOT NULL, -- JSON
  PRIMARY KEY (run_id, seq)
);

-- Where a training that has not ended can go on from.
CREATE TABLE checkpoints (
  run_id  VARCHAR(64) NOT NULL,
  variant VARCHAR(64) NOT NULL,
  state   ${blob}     NOT NULL,
  PRIMARY KEY (run_id, variant)
);

-- What a training that completed has learnt.
CREATE TABLE models (
  run_id  VARCHAR(64) NOT NULL,
  variant VARCHAR(64) NOT NULL,
  state   ${blob}     NOT NULL,
  PRIMARY KEY (run_id, variant)
);
