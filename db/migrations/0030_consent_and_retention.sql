-- What consents were given in, where nobody gave the words a version: those of a form that came in.
alter table consents add column text text;

-- How long what people did is kept event by event; what is counted from it stays.
alter table retention_rules
  add column event_months  int check (event_months between 1 and 240),  -- null: for ever
  add column events_before timestamptz;                                 -- none are left from before, nor can anything be made again from them
