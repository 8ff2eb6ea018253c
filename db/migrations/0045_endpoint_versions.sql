-- What of an endpoint decides what is sent, as it was before each change: the log shows where an attempt went and what it carried.
create table endpoint_versions (
  workspace_id int not null,
  endpoint_id  int not null,
  version      int not null,
  url          text not null,
  field_map    jsonb,
  replaced_at  timestamptz not null default now(),
  primary key (workspace_id, endpoint_id, version),
  foreign key (workspace_id, endpoint_id) references endpoints (workspace_id, id) on delete cascade
);
select protect('endpoint_versions');

alter table endpoints         add column version int not null default 1; -- of its url and field_map; earlier ones are in endpoint_versions
alter table delivery_attempts add column version int;                    -- of the endpoint; null: nothing was sent, or it was before this was kept

create or replace view reporting.webhook_logs with (security_invoker = true) as
  select a.id, a.workspace_id, a.endpoint_id, coalesce(v.url, e.url) as webhook_url, m.event as event_type, m.contact_id, m.id as message_id,
         a.delivery_id, a.number as attempt, a.status as response_status, a.ms as response_ms, a.ok as success, a.error as error_message,
         a.response_body, a.at as created_at
    from public.delivery_attempts a
    join public.deliveries d on d.workspace_id = a.workspace_id and d.id = a.delivery_id
    join public.webhook_messages m on m.workspace_id = d.workspace_id and m.id = d.message_id
    join public.endpoints e on e.workspace_id = a.workspace_id and e.id = a.endpoint_id
    left join public.endpoint_versions v on v.workspace_id = a.workspace_id and v.endpoint_id = a.endpoint_id and v.version = a.version;
grant select (workspace_id, endpoint_id, version, url) on endpoint_versions to throughline_reader;
