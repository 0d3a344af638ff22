-- Documents that one service owns and the others keep a copy of (see `platform::reference`). The
-- owner writes its rows with its command, a copy's rows are written by the consumer of its facts.

create table platform.reference (
    name    text   primary key,
    -- Of all documents together: rises with every change of any of them.
    version bigint not null check (version > 0),
    content jsonb  not null,
    -- Which change this is of: versions are given anew after a unit that was dropped, this is not.
    change  uuid   not null default gen_random_uuid()
);
create index reference_newest on platform.reference (version);

do $$
begin
    execute format('grant select, insert, update on platform.reference to %I',
        current_setting('luban.runtime_role'));
end $$;
