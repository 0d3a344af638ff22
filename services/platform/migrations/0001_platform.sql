-- The platform's own tables, the same in every service's database. They live in a schema of their
-- own so that a service's tables and these never meet.
--
-- Two roles from the first migration on: the owner migrates, the runtime role works. Its name is
-- handed over as the setting `luban.runtime_role`, since it differs from service to service.

create schema if not exists platform;

-- Which incarnation of this database we are. Raised after every restore, so that consumers see
-- that the owner may have forgotten what they already applied.
create table platform.incarnation (
    only_row boolean primary key default true check (only_row),
    epoch    integer not null default 1 check (epoch > 0),
    since    timestamptz not null default now()
);
insert into platform.incarnation default values;

-- One row per aggregate: what every command locks, and where its chain of facts ends.
create table platform.aggregate (
    kind              text   not null,
    id                uuid   not null,
    version           bigint not null default 0,
    published_version bigint not null default 0,
    -- Hash of the newest fact, internal ones included; empty before the first.
    head_hash         bytea  not null default '',
    primary key (kind, id)
);

-- What happened: audit trail, outbox and source for replay in one. Insert-only.
create table platform.fact (
    fact_id           uuid primary key,
    aggregate_kind    text        not null,
    aggregate_id      uuid        not null,
    version           bigint      not null check (version > 0),
    -- Null for facts that nobody outside is told.
    published_version bigint      check (published_version > 0),
    kind              text        not null,
    schema_version    integer     not null,
    areas             text[]      not null,
    epoch             integer     not null,
    actor             text        not null,
    actor_role        text        not null,
    -- `request_log.reference`; empty where a deadline or a neighbour's fact was the cause.
    request_id        text        not null,
    occurred_at       timestamp   not null, -- business time, +08:00
    recorded_at       timestamptz not null, -- system time, by this database's clock
    traceparent       text        not null,
    -- `json`, not `jsonb`: the hash is over these very characters.
    payload           json        not null,
    previous_hash     bytea       not null,
    hash              bytea       not null,
    constraint fact_version_once unique (aggregate_kind, aggregate_id, version),
    constraint fact_published_version_once unique (aggregate_kind, aggregate_id, published_version)
);

create function platform.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'table %.% is insert-only', tg_table_schema, tg_table_name;
end $$;

create trigger fact_is_insert_only before update or delete or truncate on platform.fact
    for each statement execute function platform.refuse_change();

-- The exact bytes that leave, as of the commit, and how far they have come.
create table platform.publication (
    fact_id           uuid primary key references platform.fact,
    -- Order of taking only: within one aggregate it follows the versions, since both are given
    -- under the aggregate's lock. Never a cursor, for commits arrive out of order.
    position          bigint generated always as identity,
    aggregate_kind    text   not null,
    aggregate_id      uuid   not null,
    subject           text   not null,
    -- `Nats-Msg-Id`; equals the fact id until somebody republishes on purpose.
    message_id        text   not null,
    message           bytea  not null,
    constraint publication_fits check (octet_length(message) <= 262144),
    -- When the fact was recorded; the oldest pending one holds the watermark back.
    recorded_at       timestamptz not null,
    -- Sequence from the stream's acknowledgement; null while pending.
    stream_sequence   bigint check (stream_sequence > 0)
);
create index publication_pending on platform.publication (position) where stream_sequence is null;
create index publication_pending_since on platform.publication (recorded_at)
    where stream_sequence is null;
create index publication_sequence on platform.publication (stream_sequence);
-- The last sequence acknowledged by kind of aggregate; what watermarks tell.
create table platform.published_up_to (
    aggregate_kind  text primary key,
    stream_sequence bigint not null check (stream_sequence > 0)
);

-- What the relay last saw of its stream: a stream created anew, or one that ends before what was
-- acknowledged, has forgotten facts, which then become pending again.
create table platform.stream_seen (
    stream        text primary key,
    created_at    timestamptz not null,
    last_sequence bigint      not null
);

-- The published facts of an area in one dense order, chained, for cities that follow by cursor.
create table platform.feed_head (
    area     text primary key,
    sequence bigint not null,
    chain    bytea  not null
);
create table platform.feed (
    area     text   not null,
    sequence bigint not null,
    fact_id  uuid   not null references platform.fact,
    chain    bytea  not null,
    primary key (area, sequence),
    constraint feed_fact_once unique (area, fact_id)
);
create trigger feed_is_insert_only before update or delete or truncate on platform.feed
    for each statement execute function platform.refuse_change();

-- Commands answered: the same request id of the same caller gets the same reply again.
create table platform.request_log (
    -- Of the token; `public:` and the digest of the body where there is none, so that strangers who
    -- chose the same id do not meet.
    subject     text  not null,
    -- Role, division and organisation: a reply is for those who could still ask.
    asked_as    text  not null,
    method      text  not null,
    request_id  text  not null,
    -- What facts name the command by: the caller's own id is free text and does not leave.
    reference   uuid  not null,
    -- Keyed: a plain hash of what was asked about a person is undone by guessing.
    body_digest bytea not null,
    -- Sealed; null only inside the transaction that is still deciding.
    reply       bytea,
    answered_at timestamptz not null default now(),
    primary key (subject, asked_as, method, request_id)
);

-- Neighbours' facts that were taken, by consumer. The insert is the question "first time?".
create table platform.inbox (
    consumer     text  not null,
    fact_id      uuid  not null,
    message_hash bytea not null,
    applied_at   timestamptz not null default now(),
    primary key (consumer, fact_id)
);

-- The last published version applied, by consumer and aggregate: n + 1 follows n, nothing else.
create table platform.gate (
    consumer       text    not null,
    aggregate_kind text    not null,
    aggregate_id   uuid    not null,
    epoch          integer not null,
    version        bigint  not null,
    primary key (consumer, aggregate_kind, aggregate_id)
);

-- Facts that came before their predecessors.
create table platform.parked (
    consumer       text   not null,
    aggregate_kind text    not null,
    aggregate_id   uuid    not null,
    -- A restored owner may give a version anew.
    epoch          integer not null,
    version        bigint  not null,
    message        bytea   not null,
    parked_at      timestamptz not null default now(),
    primary key (consumer, aggregate_kind, aggregate_id, version, epoch)
);

-- Facts whose effect failed, how often, and, once given up, what to replay. Messages that are no
-- facts are kept here too: of them nothing is known but their bytes.
create table platform.quarantine (
    consumer       text    not null,
    -- Of a message that is no fact, the beginning of its hash.
    fact_id        uuid    not null,
    aggregate_kind text,
    aggregate_id   uuid,
    version        bigint,
    message        bytea   not null,
    attempts       integer not null,
    -- Name of the failure; never a text that could repeat a value.
    failure        text    not null,
    last_tried_at  timestamptz not null default now(),
    given_up       boolean not null default false,
    -- Somebody wants it tried again; the consumer does so.
    replay_asked   boolean not null default false,
    primary key (consumer, fact_id)
);

-- First acts that wait for a second person.
create table platform.proposal (
    proposal_id    uuid  primary key,
    aggregate_kind text  not null,
    aggregate_id   uuid  not null,
    action         text  not null,
    content_hash   bytea not null,
    -- What is to be done, as the service wrote it; sealed.
    content        bytea not null,
    proposed_by    text  not null,
    proposed_role  text  not null,
    proposed_at    timestamp not null,
    confirmed_by   text
);
-- A new proposal for the same act takes the place of the one before.
create unique index proposal_open on platform.proposal (aggregate_kind, aggregate_id, action)
    where confirmed_by is null;

-- Keys that personal data is sealed with, each sealed in turn by a key that lies in a file outside.
create table platform.data_key (
    key_id     uuid  primary key,
    -- Which file opens it.
    kek_id     text  not null,
    wrapped    bytea not null,
    created_at timestamptz not null default now()
);

-- Who was shown whose personal data, and what for. Insert-only.
create table platform.access_record (
    record_id    uuid primary key,
    subject      text not null,
    role         text not null,
    purpose      text not null,
    place_table  text not null,
    place_row    uuid not null,
    place_column text not null,
    at           timestamptz not null default now()
);
create trigger access_record_is_insert_only
    before update or delete or truncate on platform.access_record
    for each statement execute function platform.refuse_change();

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant usage on schema platform to %I', runtime);
    execute format('grant select on all tables in schema platform to %I', runtime);
    execute format(
        'grant insert on platform.fact, platform.feed, platform.data_key, platform.access_record
         to %I', runtime);
    execute format(
        'grant insert, update on platform.aggregate, platform.stream_seen, platform.feed_head,
         platform.request_log, platform.inbox, platform.gate to %I', runtime);
    -- What was said stays said: only how far it has come may change.
    execute format(
        'grant insert, update (stream_sequence, message_id) on platform.publication to %I', runtime);
    execute format(
        'grant insert, update, delete on platform.parked, platform.quarantine, platform.proposal,
         platform.published_up_to to %I', runtime);
end $$;
