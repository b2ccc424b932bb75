-- A variant may be trained several times: what was kept until now is of the first time.
CREATE TABLE checkpoints_of_repeats (
  run_id  VARCHAR(64) NOT NULL,
  variant VARCHAR(64) NOT NULL,
  repeat  INTEGER     NOT NULL, -- from 1
  state   ${blob}     NOT NULL,
  PRIMARY KEY (run_id, variant, repeat)
);
INSERT INTO checkpoints_of_repeats SELECT run_id, variant, 1, state FROM checkpoints;
DROP TABLE checkpoints;
ALTER TABLE checkpoints_of_repeats RENAME TO checkpoints;

CREATE TABLE models_of_repeats (
  run_id  VARCHAR(64) NOT NULL,
  variant VARCHAR(64) NOT NULL,
  repeat  INTEGER     NOT NULL,
  state   ${blob}     NOT NULL,
  PRIMARY KEY (run_id, variant, repeat)
);
INSERT INTO models_of_repeats SELECT run_id, variant, 1, state FROM models;
DROP TABLE models;
ALTER TABLE models_of_repeats RENAME TO models;
