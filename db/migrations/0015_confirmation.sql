-- Who registered in a funnel that wants e-mail addresses confirmed, and whether they did.

create table email_confirmations (
  workspace_id int not null,
  funnel_id    text collate "C" not null,        -- as the registration says
  email        text collate "C" not null,        -- as it is compared
  contact_id   int not null,                     -- who registered
  asked_at     timestamptz not null default now(), -- the latest mail
  mails        smallint not null default 1,
  confirmed_at timestamptz,
  primary key (workspace_id, funnel_id, email),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id) on delete cascade
);
create index email_confirmations_of_contact on email_confirmations (workspace_id, contact_id);
select protect('email_confirmations');
