-- Segments: entering and leaving one is told, and a workspace has segments of its own.

-- The built-in one of a contact is right at every read (segment_of). These say which was told last and since when it is that one; written
-- by the fold, and by the clock when somebody becomes a no-show. Writes every contact anew: some ten seconds for a million.
alter table contacts
  add column told_segment  text,
  add column segment_since timestamptz;
update contacts
   set told_segment  = segment_of(watch_percentage, registered_at),
       segment_since = case when watch_percentage = 0 then registered_at + interval '24 hours' else coalesce(last_visit, created_at) end
 where merged_into is null and segment_of(watch_percentage, registered_at) is not null;

-- Who will be a no-show, in the order in which they become one: only those of the last day, and who did not watch.
create index contacts_soon_no_show on contacts (registered_at)
  where told_segment is null and watch_percentage = 0 and registered_at is not null and merged_into is null;
create index contacts_by_segment on contacts (workspace_id, watch_percentage, registered_at)
  include (id) where merged_into is null;
