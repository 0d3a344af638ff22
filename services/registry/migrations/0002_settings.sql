-- What all services go by, as it was decided. What holds is in `platform.reference`; this is who
-- decided it, why, and what it was before.

create table parameter_change (
    proposal_id    uuid primary key,
    -- In the order of the decisions, which are made under one lock.
    position       bigint generated always as identity,
    parameter      text  not null,
    effective_from date  not null,
    value          jsonb not null,
    reason         text  not null,
    source         text  not null,
    decided_on     date  not null
);

-- Years of the calendar that were imported; of one year the last one holds.
create table calendar_import (
    position    bigint generated always as identity primary key,
    year        smallint not null,
    -- Weekdays off and weekend days worked.
    days        jsonb not null,
    file_sha256 bytea not null,
    source      text  not null,
    imported_on date  not null
);

do $$
begin
    execute format('grant select, insert on parameter_change, calendar_import to %I',
        current_setting('luban.runtime_role'));
end $$;
