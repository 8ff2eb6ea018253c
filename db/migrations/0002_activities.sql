-- The spine: what changed in the CRM, written in the transaction that changed it. Append-only for the server's roles.
create table activities (
  workspace_id int not null,
  id           bigint generated always as identity,
  at           timestamptz not null default now(),
  action       text not null,                     -- 'contact.created', 'contact.merged', 'key.revoked', ...
  actor        jsonb not null,                    -- {"kind": "user" | "key" | "event" | "system", "id": ..., "name": ...}
  contact_id   int,
  visitor_id   bigint,
  subject_id   text,                              -- of anything else: a key, a link, a merge
  before       jsonb,
  after        jsonb,
  primary key (workspace_id, id)
);
create index activities_of_contact on activities (workspace_id, contact_id, at desc, id desc) where contact_id is not null;
select protect('activities');
revoke update, delete on activities from throughline_app;
