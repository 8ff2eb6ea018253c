-- Whoever sees only some records sees the transfers that they began, and what became of the rows of these; nobody else's.
alter policy theirs on transfers using (is_theirs(current_setting('app.transfers_of', true), user_id));
drop policy theirs on import_results; -- it followed the contact: a row that became of nobody was hidden
select limit_to(name::regclass, format('exists (select from transfers t where t.workspace_id = %1$I.workspace_id and t.id = %1$I.transfer_id)', name))
  from unnest(array['bulk_rows', 'export_parts', 'import_rows', 'import_results']) as name;

-- What is somebody's becomes another's, however much it is.
alter table transfers drop constraint transfers_kind_check;
alter table transfers add check (kind in ('import', 'export', 'bulk', 'hand_over'));

-- Part after part of somebody's records becomes somebody else's, each part after the one before.
drop index contacts_by_owner;
create index contacts_by_owner on contacts (workspace_id, owner_id, id) where owner_id is not null;
drop index visitors_by_owner;
create index visitors_by_owner on visitors (workspace_id, owner_id, id) where owner_id is not null;

-- Whoever began a run is told of its end, as of a transfer's. Of those that ended before, nobody has to be.
alter table crm_runs add column seen_at timestamptz;
update crm_runs set seen_at = ended_at where ended_at is not null;
