-- People of organisations and of the centres' pools, their cards and sanctions; sites and rooms.
--
-- Names, citizen ids, card numbers and what is said about sanctions rest sealed, never in plain. What
-- must hold over all homes of somebody hangs on the row of the human, which is locked for it.

-- The area of a body's records: where it filed, or, as long as it has not, where it has its seat.
create view body_area as
    select organization_id, coalesce(filing_division, division_code) as area
    from body left join organization using (organization_id);

-- A human, known by the blind index of the citizen id alone.
create table human (
    human_id          uuid primary key,
    citizen_index     bytea not null,
    index_key         text not null, -- the key it was made with
    citizen_id_sealed bytea not null,
    constraint human_once unique (citizen_index)
);

-- A human at a home: an organisation, or a centre's pool.
create table person (
    person_id       uuid primary key,
    human_id        uuid not null references human,
    organization_id uuid references body,
    pool_division   text,
    name_sealed     bytea not null, -- as this home spells it
    enlisted_on     date not null,
    constraint person_has_one_home check (num_nonnulls(organization_id, pool_division) = 1),
    constraint person_once_per_home
        unique nulls not distinct (organization_id, pool_division, human_id)
);
create index person_of_human on person (human_id);
create index person_of_pool on person (pool_division, person_id) where pool_division is not null;
create index person_of_organization on person (organization_id, person_id)
    where organization_id is not null;

-- What a person does for the home, and when.
create table engagement (
    person_id     uuid not null references person,
    role          text not null,
    on_post_from  date not null,
    on_post_until date,          -- null while it lasts
    full_time     boolean not null,
    position      text not null, -- 职务; empty where there is none
    proof         text not null,
    primary key (person_id, role, on_post_from),
    constraint engagement_dates check (on_post_from <= on_post_until)
);

-- What a centre knows of somebody in its pool.
create table pool_entry (
    person_id            uuid primary key references person,
    number               text not null,
    fields               text[] not null,
    occupations          text[] not null, -- edition:code
    employer_name        text not null,   -- empty where there is none
    employer_credit_code text not null,   -- empty where there is none
    rank                 text not null,   -- empty where there is none
    constraint pool_number_once unique (number)
);

-- Numbers on cards: whose they are, for ever. A card that is renewed keeps its number.
create table card_number (
    number_index bytea primary key,
    index_key    text not null,
    human_id     uuid not null references human
);

-- A card, for as long as it is valid. It is the human's, whichever home recorded it.
create table card (
    card_id           uuid primary key,
    human_id          uuid not null references human,
    person_id         uuid not null references person, -- for whom it was recorded
    number_index      bytea not null references card_number,
    number_sealed     bytea not null,
    kind              text not null,
    occupations       text[] not null, -- edition:code
    levels            text[] not null,
    valid_from        date not null,
    valid_until       date not null,
    issuer            text not null,
    revoked_on        date,
    revocation_reason text not null default '', -- empty unless revoked
    constraint card_dates check (valid_from <= valid_until)
);
create index card_of_human on card (human_id);
create index card_of_number on card (number_index);

-- A sanction on a human (责任追究): it follows the human to every home.
create table sanction (
    sanction_id    uuid primary key,
    human_id       uuid not null references human,
    person_id      uuid not null references person, -- where it was imposed
    imposed_by     text not null,   -- division of the centre
    duties         text[] not null, -- empty for every duty
    grounds_sealed bytea not null,
    barred_from    date not null,
    barred_until   date,            -- null for ever
    lifted_on      date,
    lifted_why     bytea,           -- sealed; with lifted_on alone
    constraint sanction_lifted check ((lifted_on is null) = (lifted_why is null)),
    constraint sanction_dates check (barred_from <= barred_until)
);
create index sanction_of_human on sanction (human_id);

-- A place where an organisation holds exams (考点).
create table site (
    site_id         uuid primary key,
    organization_id uuid not null references body,
    name            text not null,
    division_code   text not null,
    address         text not null,
    tenure          text not null,
    leased_until    date, -- of a leased site only
    opened_on       date not null,
    closed_on       date,
    constraint site_lease check ((tenure = 'leased') = (leased_until is not null))
);
create unique index site_name_once on site (organization_id, name) where closed_on is null;

-- A room of a site (考场).
create table room (
    room_id          uuid primary key,
    site_id          uuid not null references site,
    position         integer not null,
    name             text not null,
    kind             text not null,
    seats            integer not null check (seats > 0),
    machines         integer not null check (machines >= 0),
    network          boolean not null,
    identity_check   boolean not null,
    signal_shielding boolean not null,
    audio_monitoring boolean not null,
    video_monitoring boolean not null,
    equipment        text not null,   -- empty where there is none
    occupations      text[] not null, -- edition:code; of a skill room only
    opened_on        date not null,
    closed_on        date,
    constraint room_position_once unique (site_id, position)
);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select on body_area, human, person, engagement, pool_entry, card_number,
        card, sanction, site, room to %I', runtime);
    execute format('grant insert on human, card_number to %I', runtime);
    execute format('grant update on human to %I', runtime); -- to lock a row is to be able to
    execute format('grant insert, update on person, engagement, pool_entry, card, sanction, site,
        room to %I', runtime);
end $$;
