-- The rows of a file that somebody imports, as they stand in it, and what became of each. Both go with the transfer.

create table import_rows (
  workspace_id int not null,
  transfer_id  int not null,
  row          int not null,                          -- as a spreadsheet counts: the heading is 1
  cells        jsonb not null,                        -- one for each heading of the file, in its order
  problem      text,                                  -- why it cannot be read
  primary key (workspace_id, transfer_id, row),
  foreign key (workspace_id, transfer_id) references transfers (workspace_id, id) on delete cascade
);
select protect('import_rows');

create table import_results (
  workspace_id int not null,
  transfer_id  int not null,
  row          int not null,
  outcome      text not null check (outcome in ('created', 'updated', 'unchanged', 'skipped', 'ambiguous', 'failed')),
  contact_id   int,
  reason       text,                                  -- in a sentence, of what was not written
  person       text,                                  -- of a trial: who would be made, so that two rows of one are counted once
  changes      jsonb,                                 -- {field: [before, after]}: what a revert gives back
  reverted     text,                                  -- 'reverted', or why not
  primary key (workspace_id, transfer_id, row),
  foreign key (workspace_id, transfer_id) references transfers (workspace_id, id) on delete cascade
);
create index import_results_by_outcome on import_results (workspace_id, transfer_id, outcome, row);
create index import_results_of_contact on import_results (workspace_id, contact_id) where contact_id is not null;
select protect('import_results');
