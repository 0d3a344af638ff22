-- Exam plans, their sessions and staff, rosters, and what happened in the room.
--
-- Names, citizen ids and card numbers rest sealed in the columns `identity`, never in plain. A
-- sealed identity holds the salt of its commitment too: commitment and salt together would let
-- anybody try all plausible numbers.

-- An exam plan (考核计划). Before it is reported the columns of the report are empty.
create table plan (
    plan_id           uuid primary key,
    organization_id   uuid not null,
    process           text not null, -- 评价流程
    candidates        integer not null default 0 check (candidates >= 0),
    -- The receipt, and what the register answered that day.
    receipt_id        uuid,
    received_on       date,
    deadline          jsonb, -- with its computation, as it was shown
    plan_hash         bytea,
    warnings          jsonb not null default '[]', -- what should be looked at
    filing_division   text,  -- whose city centre the plan is for; nobody's before the report
    organization_code text,
    -- Set by the last session: from then on nothing of the roster changes.
    roster_digest     bytea,
    -- Where a plan stands once it is reported.
    standing          text check (standing in ('in_force', 'reopened', 'awaiting', 'withdrawn', 'held')),
    terms             jsonb, -- of the report: hashes of what takes consent when it is changed late
    before            jsonb, -- what was in force before the plan was taken back
    consented_on      date,
    constraint plan_before check ((before is not null) = (coalesce(standing, '') in ('reopened', 'awaiting'))),
    constraint plan_report_whole check (num_nulls(receipt_id, received_on, deadline, plan_hash,
        filing_division, organization_code, standing, terms) in (0, 8)),
    constraint plan_held check ((roster_digest is not null) = (coalesce(standing, '') = 'held')),
    constraint plan_receipt_once unique (receipt_id)
);
create index plan_organization on plan (organization_id);
create index plan_filing on plan (filing_division) where filing_division is not null;

-- What is examined. The position is how roster entries name it; subjects never change.
create table plan_subject (
    plan_id         uuid not null references plan,
    position        integer not null,
    edition         integer not null,
    occupation_code text not null,
    trade           text not null, -- empty where there is none
    level           text not null,
    primary key (plan_id, position)
);

-- A session (场次): a part, a day, a room.
create table exam_session (
    session_id    uuid primary key,
    plan_id       uuid not null references plan,
    position      integer not null,
    part          text not null check (part in ('theory', 'skill', 'review')),
    held_on       date not null,
    starts_at     time not null,
    ends_at       time not null,
    site          text not null, -- 考点
    room          text not null, -- 考场
    seats         integer not null check (seats > 0),
    division_code text not null,
    prepared      boolean not null default false, -- paper, custody and preparation on record
    completed     boolean not null default false,
    constraint exam_session_position_once unique (plan_id, position),
    constraint exam_session_ends_later check (starts_at < ends_at)
);

-- Who works in a session.
create table session_staff (
    staff_id   uuid primary key,
    session_id uuid not null references exam_session on delete cascade,
    position   integer not null,
    role       text not null check (role in ('invigilator', 'examiner', 'quality_supervisor')),
    identity   bytea not null, -- card number, name and salt, sealed
    -- 回避申明: positions of subjects whose candidates the person taught, and whether a relative is
    -- on the roster; empty as long as nothing is declared.
    taught     integer[],
    relative   boolean,
    constraint session_staff_declared check (num_nulls(taught, relative) in (0, 2)),
    constraint session_staff_position_once unique (session_id, position)
);

-- A candidate on a roster (考生名册).
create table candidate (
    candidate_id  uuid primary key,
    plan_id       uuid not null references plan,
    subject       integer not null,
    ticket_number text not null check (ticket_number ~ '^\d{13}$'), -- 准考证号
    -- Blind index of the document, for finding a person twice, and the key it was made with.
    person_index  bytea not null,
    index_key     text not null,
    identity      bytea not null, -- document, name and salt, sealed
    commitment    bytea not null, -- SHA-256 over salt, document and name
    claim         bytea not null, -- why the person may be examined (申报条件), sealed
    rule          text not null,  -- which rule that is
    conditions    text not null,  -- of which standard or template
    candidate_group text not null, -- 重点群体
    programme     text not null,  -- 培训项目; empty where there is none
    -- Blind index of all that the row said: the same row again changes nothing.
    content_index bytea not null,
    constraint candidate_once_per_plan unique (plan_id, person_index),
    -- Drawn at random; whoever meets a number in use draws again.
    constraint candidate_ticket_once unique (ticket_number),
    foreign key (plan_id, subject) references plan_subject
);
create index candidate_roster on candidate (plan_id, ticket_number);
-- The same person on other rosters.
create index candidate_person on candidate (person_index);

-- Who was there. The last word counts until the session is completed.
create table attendance (
    session_id   uuid not null references exam_session,
    candidate_id uuid not null references candidate,
    present      boolean not null,
    primary key (candidate_id, session_id)
);

-- Misconduct (违纪违规) of a candidate in a session.
create table misconduct (
    session_id   uuid not null references exam_session,
    candidate_id uuid not null references candidate,
    tier         text not null check (tier in ('part_void', 'cheating', 'all_void', 'banned')),
    banned_until date, -- last day on which the person takes no exam
    primary key (candidate_id, session_id, tier)
);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant usage on schema public to %I', runtime);
    execute format('grant select on all tables in schema public to %I', runtime);
    execute format('grant insert on plan_subject, session_staff, misconduct to %I', runtime);
    -- Candidates come onto the roster of a draft and may go again.
    execute format('grant insert, delete on candidate to %I', runtime);
    execute format('grant insert, update on plan, attendance to %I', runtime);
    -- Sessions of a draft are replaced as a whole; their staff goes with them.
    execute format('grant insert, update, delete on exam_session to %I', runtime);
end $$;
