-- What an operator watches, for the role that PostgreSQL has for it. It sees these sums and nothing
-- else of the platform's tables.

-- Facts that the bus has not taken yet.
create view platform.relay_state as
select count(*) as pending,
       coalesce(extract(epoch from now() - min(recorded_at)), 0)::float8 as oldest_pending_seconds
from platform.publication
where stream_sequence is null;

-- Neighbours' facts that wait for one before them, and those that are given up until somebody looks.
create view platform.inbox_state as
select consumer,
       count(*) filter (where waits) as parked,
       coalesce(extract(epoch from now() - min(since) filter (where waits)), 0)::float8
           as oldest_parked_seconds,
       count(*) filter (where given_up) as quarantined
from (select consumer, true as waits, false as given_up, parked_at as since from platform.parked
      union all
      select consumer, false, given_up, last_tried_at from platform.quarantine) as held
group by consumer;

grant usage on schema platform to pg_monitor;
grant select on platform.relay_state, platform.inbox_state to pg_monitor;
