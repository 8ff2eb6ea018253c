-- Exports: the file, in pieces of about a megabyte, so that every process can give out any part of it. Actions on many records: what
-- became of each.

create table export_parts (
  workspace_id int not null,
  transfer_id  int not null,
  part         int not null,                        -- 0 for the first
  begins_at    bigint not null,                     -- in bytes, from the beginning of the file
  bytes        bytea not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, transfer_id, part),
  foreign key (workspace_id, transfer_id) references transfers (workspace_id, id) on delete cascade
);
-- What was compressed once more would not be smaller by much, and a part is read as a whole.
alter table export_parts alter column bytes set storage external;
create index export_parts_by_age on export_parts (created_at);
select protect('export_parts');

create table bulk_rows (
  workspace_id int not null,
  transfer_id  int not null,
  position     int not null,                        -- 1 for the first
  record_id    bigint not null,                     -- of a contact or a lead
  state        text not null default 'waiting' check (state in ('waiting', 'done', 'unchanged', 'refused')),
  reason       text,                                -- why not
  before       jsonb,                               -- what undoing needs to know: ids and words of ours, nothing personal
  primary key (workspace_id, transfer_id, position),
  foreign key (workspace_id, transfer_id) references transfers (workspace_id, id) on delete cascade
);
create index bulk_rows_by_state on bulk_rows (workspace_id, transfer_id, state, position);
select protect('bulk_rows');
