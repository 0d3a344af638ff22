-- Sessions as they are run: paper and custody, incidents, supervisors from outside, their findings.

-- The paper of a session, its custody, and that everything was there.
create table session_preparation (
    -- Sessions of a plan that was taken back are replaced as a whole, with what was prepared.
    session_id  uuid primary key references exam_session on delete cascade,
    source      text not null check (source in ('national', 'province', 'own', 'commissioned')),
    set_code    text not null, -- 试卷编号
    copies      integer not null check (copies >= 0),
    kept_from   date not null,
    custodian   bytea not null, -- name, sealed
    prepared_on date not null
);

-- Something that went wrong (突发情况).
create table session_incident (
    incident_id uuid primary key,
    session_id  uuid not null references exam_session,
    kind        text not null check (kind in ('outage', 'equipment', 'paper', 'health', 'order', 'other')),
    starts_at   time not null,
    minutes     integer not null check (minutes >= 0),
    account     bytea not null, -- in people's own words: sealed
    handling    bytea not null  -- so is this
);
create index session_incident_session on session_incident (session_id, starts_at);

-- A supervisor from outside (外部督导员), sent by the centre.
create table external_supervisor (
    supervisor_id uuid primary key,
    session_id    uuid not null references exam_session on delete cascade,
    -- Blind index of the card number under the key in use that day, for finding the same person.
    card_index    bytea not null,
    identity      bytea not null, -- card number, name and salt, sealed
    appointed_on  date not null,
    constraint external_supervisor_once unique (session_id, card_index)
);

-- What was found, and what became of it.
create table supervision_finding (
    session_id    uuid not null references exam_session,
    number        integer not null check (number > 0),
    finding_id    uuid not null unique, -- names the places of its words
    state         text not null check (state in ('noted', 'ordered', 'reported', 'accepted')),
    said          bytea not null, -- sealed
    found_on      date not null,
    rectify_until date,
    rectification bytea, -- how it was put right, sealed
    reported_on   date,
    primary key (session_id, number),
    constraint finding_ordered check ((state = 'noted') = (rectify_until is null)),
    constraint finding_rectified check ((state in ('reported', 'accepted')) <= (rectification is not null)),
    constraint finding_reported check (num_nulls(rectification, reported_on) in (0, 2))
);
create index finding_open on supervision_finding (session_id) where state in ('ordered', 'reported');

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select, insert, update on session_preparation, supervision_finding to %I', runtime);
    execute format('grant select, insert on session_incident, external_supervisor to %I', runtime);
end $$;
