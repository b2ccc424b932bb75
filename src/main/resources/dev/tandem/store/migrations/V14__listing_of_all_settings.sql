-- Runs are found by more settings than before: they are listed again at this start.
DELETE FROM listing;
