-- What reports work out of the events as they are.

-- One person's way through the steps of a funnel: when each step was reached that was. `steps_of` says of each event, in their order, which
-- steps it can be (bit 0 is the first one), `times` when it happened. The first event that can be step 1 begins it; then each step is the
-- first event after the one before, and nothing later than `span` after the beginning counts. Null for whoever never begins.
create function walk_funnel(steps_of int[], times timestamptz[], steps int, span interval) returns timestamptz[]
language plpgsql immutable parallel safe as $$
declare
  can_be  int;
  place   int := 0;
  step    int := 0;
  ends    timestamptz;
  reached timestamptz[];
begin
  foreach can_be in array steps_of loop
    place := place + 1;
    if (can_be >> step) & 1 = 1 then
      if step = 0 then
        ends := times[place] + span;
      elsif times[place] > ends then
        exit;
      end if;
      reached := reached || times[place];
      step := step + 1;
      exit when step = steps;
    end if;
  end loop;
  return reached;
end
$$;

-- How many contacts there are, of which segment and stage: of large workspaces only, while somebody looks at it. A minute old at most, and
-- made again from the contacts each time.
create table contact_health (
  workspace_id int primary key references workspaces on delete cascade,
  counts       jsonb not null,
  counted_at   timestamptz not null default now(),
  asked_at     timestamptz not null default now()
);
select protect('contact_health');

-- How long things took, by the hour: how many took up to 2^(bucket/4) ms.
create table timings (
  workspace_id int not null references workspaces on delete cascade,
  hour         timestamptz not null,
  kind         text not null check (kind in ('capture', 'report', 'load')),
  bucket       smallint not null,
  count        bigint not null,
  primary key (workspace_id, hour, kind, bucket)
);
select protect('timings');
