-- An installation that keeps e-mails and phones encrypted: chosen before the first of them is stored.

-- One row or none. The key of the tokens, sealed with SECRET_KEY; it stays, as whatever is compared is compared by tokens.
create table sealing (
  is_on      boolean primary key default true check (is_on),
  key        text not null,
  created_at timestamptz not null default now()
);
grant select, insert, update on sealing to throughline_system;

-- Of the file itself: what is stored of it is longer where it is sealed.
alter table export_parts add column size int;
