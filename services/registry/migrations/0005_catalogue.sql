-- Editions of the occupation catalogue that were imported; of one edition the last import holds. What
-- comes with the service holds where nothing was imported.

create table catalogue_import (
    -- In the order of the imports, which are made under one lock.
    position    bigint generated always as identity primary key,
    edition     smallint not null,
    -- All of it: it is read as a whole, and held in memory.
    content     jsonb not null,
    file_sha256 bytea not null,
    source      text  not null,
    imported_on date  not null
);
create index catalogue_import_edition on catalogue_import (edition, position);

do $$
begin
    execute format('grant select, insert on catalogue_import to %I',
        current_setting('luban.runtime_role'));
end $$;
