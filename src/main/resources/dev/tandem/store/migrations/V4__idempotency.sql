-- A request for a run that comes again with the same key is answered with the same run.
ALTER TABLE runs ADD COLUMN idempotency_key VARCHAR(255);
CREATE UNIQUE INDEX runs_idempotency ON runs (idempotency_key);
