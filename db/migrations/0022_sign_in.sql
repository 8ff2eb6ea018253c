-- Signing in: sessions that can be seen and ended, links for a new password, a second step, limits on wrong tries, and sign-on through
-- an organization's own issuer. People stand outside of the tenants, so only the system's role reads any of it.

alter table user_sessions
  add column id           bigint generated always as identity,
  add column country_code text,                     -- where the address is, as far as that was known at the sign-in
  add column method       text not null default 'password' check (method in ('password', 'oidc'));
create unique index user_sessions_by_id on user_sessions (id);

alter table sign_in_links add column user_id int references users on delete cascade;
alter table sign_in_links drop constraint sign_in_links_purpose_check;
alter table sign_in_links add constraint sign_in_links_purpose_check check (purpose in ('first_owner', 'new_password', 'second_step'));
create index sign_in_links_of_user on sign_in_links (user_id);

alter table users
  add column totp_secret text,                      -- sealed; while it is set up too, before the first code
  add column totp_since  timestamptz,               -- null: no second step
  add column totp_step   bigint;                    -- of the last code that was taken: each counts once

-- Each is gone when it was used.
create table recovery_codes (
  user_id   int not null references users on delete cascade,
  code_hash bytea not null,
  primary key (user_id, code_hash)
);
grant select, insert, delete on recovery_codes to throughline_system;

-- Wrong tries, by a hash of what is limited: an address, an account from an address, an account.
create table sign_in_tries (
  key         text primary key,
  tries       int not null default 0,
  tried_at    timestamptz not null default now(),
  waits_until timestamptz
);
create index sign_in_tries_by_age on sign_in_tries (tried_at);
grant select, insert, update, delete on sign_in_tries to throughline_system;

-- Who somebody is at the issuer of an organization, whatever their e-mail becomes there.
create table user_identities (
  issuer     text not null,
  subject    text not null,
  user_id    int not null references users on delete cascade,
  created_at timestamptz not null default now(),
  primary key (issuer, subject)
);
create unique index user_identities_of_user on user_identities (user_id, issuer);
grant select, insert, delete on user_identities to throughline_system;

alter table workspaces add column require_totp boolean not null default false; -- of everybody who signs in with a password

-- The link of a mail that lets its reader in. It stands in the body only while the mail is sent; afterwards it is null.
alter table mails add column sealed_link text;
