-- What people bring forward and how it is looked into (办理). What they said, who they are and what
-- was found is sealed, each value for its place; in clear is only what is looked for.

create table platform.inquiry (
    inquiry_id      uuid  primary key,
    -- Whose centre looks into it.
    area            text  not null,
    -- The organisation that is concerned.
    organization_id uuid  not null,
    -- What exactly it is about, as its service names it.
    about           text  not null,
    -- Keyed digest of who brought it forward by name, for finding a person twice; null for nobody.
    party_digest    bytea,
    -- Keyed digest of the code by which whoever brought it forward asks about it.
    receipt_digest  bytea not null unique,
    -- `kernel::inquiry`.
    state           jsonb not null,
    kind            text  not null generated always as (state ->> 'kind') stored,
    -- Whether the organisation was ever asked: before, there is nothing that it could see.
    asked           boolean not null generated always as ((state ->> 'question') is not null) stored,
    closed          boolean not null generated always as ((state ->> 'closed_on') is not null) stored,
    constraint inquiry_party_of_a_known_kind check
        (kind in ('objection', 'complaint') or kind = 'lead' and party_digest is null)
);
-- An objection holds its row, so a person has one to a row.
create unique index inquiry_objection_once on platform.inquiry (about, party_digest)
    where kind = 'objection';
create index inquiry_by_area on platform.inquiry (area, inquiry_id);
-- What a changed calendar moves is looked for among the open ones.
create index inquiry_open on platform.inquiry (inquiry_id) where not closed;
create index inquiry_by_organization on platform.inquiry (organization_id, inquiry_id);

-- What was written and handed in, in the order of ids. Insert-only.
create table platform.inquiry_entry (
    entry_id   uuid  primary key,
    inquiry_id uuid  not null references platform.inquiry,
    kind       text  not null check (kind in
        ('party', 'statement', 'question', 'answer', 'finding', 'outcome', 'evidence')),
    author     text  not null check (author in ('party', 'centre', 'organization')),
    written_on date  not null,
    -- The text, the person or the content of the file; sealed.
    content    bytea not null,
    -- Of a file: its name, sealed, and what it is.
    file_name  bytea,
    media_type text,
    size_bytes bigint check (size_bytes > 0),
    sha256     bytea check (octet_length(sha256) = 32),
    constraint inquiry_entry_file_whole check
        ((kind = 'evidence') = (file_name is not null)
         and (file_name is null) = (media_type is null)
         and (file_name is null) = (size_bytes is null)
         and (file_name is null) = (sha256 is null))
);
create index inquiry_entry_of on platform.inquiry_entry (inquiry_id, entry_id);
create trigger inquiry_entry_is_insert_only
    before update or delete or truncate on platform.inquiry_entry
    for each statement execute function platform.refuse_change();

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select, insert on platform.inquiry, platform.inquiry_entry to %I', runtime);
    execute format('grant update (state) on platform.inquiry to %I', runtime);
end $$;
