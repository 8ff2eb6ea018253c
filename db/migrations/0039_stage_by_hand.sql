-- A person says how far a contact is, and what comes later moves it on (docs/decisions/0029-stage-by-hand.md).

-- What was said of it and by whom: of this contact, and what holds for it with those who are part of it. The stage is written by the one verb
-- that writes all the rest (server/contacts/fold.ts).
alter table contacts
  alter column stage drop expression,
  alter column stage set default 'lead',
  alter column stage set not null,
  add column own_stage     jsonb, -- {stage, at, by}; a stage of null: as events say
  add column stage_by_hand jsonb;

-- When the last event of a stage arrived: of those before a person said something, none counts. Purchases and bookings are conversions, which know it.
alter table visitors
  add column last_engaged_at      timestamptz,
  add column last_offer_viewed_at timestamptz;
