-- Messages to organisations (消息), and the letters that carry them to whoever has given an address.
-- Neither names anybody: which record to look at, and what kind of thing happened to it.

create table message (
    message_id      uuid primary key,
    organization_id uuid not null references body,
    -- The centre that it came about at: where it filed, or applies.
    area            text not null,
    kind            text not null,
    -- The record to look at, as people write its id.
    subject         text not null,
    told_on         date not null,
    -- Day on which somebody of the organisation read it.
    read_on         date
);
create index message_of_organization on message (organization_id, message_id);
create index message_unread on message (organization_id) where read_on is null;

-- Where an organisation wants its messages mailed. May be a person's, so it rests sealed.
create table mail_address (
    organization_id uuid  primary key references body,
    address_sealed  bytea not null
);

-- Letters on their way: one for each message to whoever has given an address. System time.
create table letter (
    message_id  uuid primary key references message,
    told_at     timestamptz not null default now(),
    attempts    integer not null default 0,
    -- When it may be tried next. Whoever takes it puts this off by the time that a try may last, so
    -- that nobody else takes it meanwhile, and it is tried again if the taker dies.
    next_try_at timestamptz not null default now(),
    sent_at     timestamptz,
    -- Name of the last failure; never what a server said, which may repeat an address.
    failure     text,
    given_up    boolean not null default false
);
create index letter_waiting on letter (next_try_at) where sent_at is null and not given_up;
create index letter_given_up on letter (message_id) where given_up;

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select, insert on message, letter, mail_address to %I', runtime);
    execute format('grant update (address_sealed), delete on mail_address to %I', runtime);
    -- With the address go the letters that are on their way.
    execute format('grant delete on letter to %I', runtime);
    execute format('grant update (read_on) on message to %I', runtime);
    execute format(
        'grant update (attempts, next_try_at, sent_at, failure, given_up) on letter to %I', runtime);
end $$;
