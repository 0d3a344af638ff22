-- Seats (编排考场): assigned as a whole once a plan is reported, and anew until its exam begins.
create table seat (
    session_id   uuid not null references exam_session on delete cascade,
    candidate_id uuid not null references candidate on delete cascade,
    number       integer not null check (number > 0),
    primary key (candidate_id, session_id),
    constraint seat_once unique (session_id, number)
);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select, insert, delete on seat to %I', runtime);
end $$;
