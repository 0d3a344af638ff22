-- What a reported plan has taken, and when: rooms, staff, and candidates who have one session of a
-- part alone to go to. Over all plans of the province nothing and nobody is in two places at once.
--
-- Bookings stay after the exam: they say where somebody has worked before.

create extension if not exists btree_gist;

create table booking (
    session_id uuid not null references exam_session on delete cascade,
    plan_id    uuid not null references plan,
    kind       text not null check (kind in ('room', 'staff', 'candidate')),
    -- Of a room its id. Of a person the blind index of card number or citizen id: one row under each
    -- key in use, so that a change of keys hides nobody.
    key        bytea not null,
    during     tsrange not null,
    primary key (session_id, kind, key),
    constraint booking_once exclude using gist (kind with =, key with =, during with &&)
);
create index booking_plan on booking (plan_id);

do $$
begin
    execute format('grant select, insert, delete on booking to %I',
        current_setting('luban.runtime_role'));
end $$;
