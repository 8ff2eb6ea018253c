-- What consents were given in, where nobody gave the words a version: those of a form that came in.
alter table consents add column text text;
