-- What organisation and centre said about a plan that was reported: why it was returned, taken back,
-- withdrawn, and why somebody was replaced.

create table plan_remark (
    remark_id uuid primary key,
    plan_id   uuid not null references plan,
    kind      text not null check (kind in ('returned', 'reopened', 'withdrawn', 'staff_replaced')),
    -- What a fault is about, of a return alone.
    matter    text check (matter in ('process', 'subjects', 'sessions', 'venues', 'staff', 'roster')),
    said      bytea not null, -- in people's own words, which may name somebody: sealed
    said_on   date not null,
    constraint plan_remark_matter check ((kind = 'returned') = (matter is not null))
);
create index plan_remark_plan on plan_remark (plan_id, remark_id);
create index plan_calendar on exam_session (held_on, session_id);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select, insert on plan_remark to %I', runtime);
    -- Somebody else takes the place of a member of staff.
    execute format('grant update on session_staff to %I', runtime);
end $$;
