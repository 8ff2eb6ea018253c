-- An import finds a lead by the id that its sender gave it, whichever webhook it came in by: with the id first that is one look-up instead of one a
-- webhook. Leads that came in by none are in the same index, so one does for what two did.
drop index leads_by_external, leads_by_own_key;
create index leads_by_external on leads (workspace_id, external_id, webhook_id) where external_id is not null;
