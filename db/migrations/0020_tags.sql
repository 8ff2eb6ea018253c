-- Tags: words that people and programs put on contacts. A contact shows its own, and those of contacts that are part of it.

create table tags (
  workspace_id int not null references workspaces on delete cascade,
  id           int generated always as identity,
  name         text not null,
  color        text,                                -- a word of TAG_COLORS in shared/tags.ts; null: plain
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index tags_by_name on tags (workspace_id, lower(name));
select protect('tags');

create table contact_tags (
  workspace_id int not null,
  contact_id   int not null,
  tag_id       int not null,
  added_at     timestamptz not null default now(),
  source       text not null,                       -- who put it there: the kind of an actor
  primary key (workspace_id, contact_id, tag_id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, tag_id) references tags (workspace_id, id) on delete cascade
);
create index contact_tags_of_tag on contact_tags (workspace_id, tag_id, contact_id);
select protect('contact_tags');

-- Once for each contact, whoever of those who are part of it had the tag first.
grant select on tags, contact_tags to throughline_reader;
create view reporting.contact_tags with (security_invoker = true) as
  select m.workspace_id, c.whole_id as contact_id, m.tag_id, t.name as tag, min(m.added_at) as added_at
    from public.contact_tags m
    join public.tags t on t.workspace_id = m.workspace_id and t.id = m.tag_id
    join public.contacts c on c.workspace_id = m.workspace_id and c.id = m.contact_id
   group by m.workspace_id, c.whole_id, m.tag_id, t.name;
grant select on reporting.contact_tags to throughline_reader;
