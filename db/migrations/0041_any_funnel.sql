-- A funnel of any events reads names, times and persons: all of it stands in the index of names now, and the events themselves are left alone.
-- With the id as part of its order, the list of the events of a name needs no sorting either.
create index events_by_name_and_person on events (workspace_id, event, occurred_at desc, id desc) include (visitor_id, is_bot);
drop index events_by_name;
alter index events_by_name_and_person rename to events_by_name;
