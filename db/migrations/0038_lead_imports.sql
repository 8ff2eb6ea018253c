-- Files of leads.

-- What a row became, where rows become leads.
alter table import_results add column lead_id bigint;

-- By the id that another system has for it: of leads that came through no webhook. Those of webhooks are found through these (leads_by_external).
create index leads_by_own_key on leads (workspace_id, external_id) where external_id is not null and webhook_id is null;
