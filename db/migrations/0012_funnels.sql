-- Funnels: which pages and videos belong together, so that a visit of a page is a step of a way.

create table funnels (
  workspace_id  int not null references workspaces on delete cascade,
  id            int generated always as identity,
  funnel_id     text collate "C" not null,        -- what events say; chosen by the workspace or made
  name          text not null,
  goal          text not null default 'purchase' check (goal in ('purchase', 'call')),
  currency      text,                             -- of its revenue (ISO 4217); null: the workspace's
  confirm_email boolean not null default false,   -- who registers is sent a link, and following it is `registration_confirmed`
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index funnels_by_funnel_id on funnels (workspace_id, funnel_id);
select protect('funnels');

create table funnel_pages (
  workspace_id int not null,
  id           int generated always as identity,
  funnel       int not null,
  kind         text not null check (kind in ('registration', 'watch', 'enrollment')),
  name         text not null,
  page_id      text collate "C" not null,         -- what events say, where they say it
  url          text,                              -- host and path; * stands for anything
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, funnel) references funnels (workspace_id, id) on delete cascade
);
create unique index funnel_pages_by_page_id on funnel_pages (workspace_id, page_id);
create index funnel_pages_of_funnel on funnel_pages (workspace_id, funnel);
select protect('funnel_pages');

create table funnel_videos (
  workspace_id int not null,
  id           int generated always as identity,
  funnel       int not null,
  video_id     text collate "C" not null,
  title        text not null,
  duration_seconds int check (duration_seconds > 0),
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, funnel) references funnels (workspace_id, id) on delete cascade
);
create unique index funnel_videos_by_video_id on funnel_videos (workspace_id, video_id);
create index funnel_videos_of_funnel on funnel_videos (workspace_id, funnel);
select protect('funnel_videos');
