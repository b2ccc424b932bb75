-- Which server's the database is: at most one row. A server that had lost its connection sees
-- whether another one has been here meanwhile.
CREATE TABLE owner (
  server VARCHAR(64) NOT NULL
);
