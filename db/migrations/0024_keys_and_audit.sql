-- Keys that end by themselves, are taken from some addresses only, are replaced while the old one still holds, and have a limit.
alter table keys
  add column expires_at  timestamptz,                     -- null: never
  add column allowed_ips text[],                          -- addresses and ranges that it is taken from; null: all
  add column rate_limit  int check (rate_limit > 0),      -- requests a minute; null: what the server gives (server/workspaces/spend.ts)
  add column replaced_by int,                             -- the key that was made in its place
  add column last_ip     inet;                            -- from where it was used when last_used_at was noted

-- How much of a key's minute was handed out to processes, which spend it in their memory. One row a key, the latest minute.
create table key_minutes (
  workspace_id int not null,
  key_id       int not null,
  minute       timestamptz not null,
  taken        int not null,
  given        int not null,                              -- what the last process that asked got of it
  primary key (workspace_id, key_id),
  foreign key (workspace_id, key_id) references keys (workspace_id, id) on delete cascade
);
select protect('key_minutes');

-- The chain over the activities of each workspace: every link holds the digest of the one before it (docs/decisions/0022). Written by a
-- reader of what was told, so that nobody who changes something waits for it.
create table audit_chain (
  workspace_id int not null,
  position     bigint not null,                           -- 1, 2, 3 ... without a gap
  activity_id  bigint not null,
  salt         bytea,                                     -- null: what is personal in the activity was erased
  digest       bytea not null,                            -- of what may be personal: sha256(salt, text)
  hash         bytea not null,                            -- sha256(hash of the one before, what is not personal, digest)
  redacted_for int,                                       -- the contact who was erased; `activity.redacted` about that contact says so
  primary key (workspace_id, position)
);
create unique index audit_chain_of_activity on audit_chain (workspace_id, activity_id);
select protect('audit_chain');
revoke insert, update, delete on audit_chain from throughline_app;

-- Where the chain of a workspace ends; whoever goes on with it locks this row.
create table audit_heads (
  workspace_id  int primary key,
  position      bigint not null default 0,
  hash          bytea not null default '',
  earlier_after bigint,                                   -- what was told before there was a chain is in it up to this activity,
  earlier_until bigint,                                   -- and has to be up to this one; null: all of it is
  checked_at    timestamptz,                              -- when what came since the last checkpoint was looked at
  problem       text                                      -- what was wrong then; null: nothing
);
select protect('audit_heads');
revoke insert, update, delete on audit_heads from throughline_app;
insert into audit_heads (workspace_id, earlier_after, earlier_until)
select workspace_id, 0, max(id) from activities where told group by workspace_id;

-- How far a chain was on a day, signed. The same lines stand in a file outside of the database.
create table audit_checkpoints (
  workspace_id int not null,
  position     bigint not null,
  at           timestamptz not null,
  hash         bytea not null,
  signer       text not null,                             -- which key signed it
  signature    text not null,
  primary key (workspace_id, position)
);
select protect('audit_checkpoints');
revoke insert, update, delete on audit_checkpoints from throughline_app;
