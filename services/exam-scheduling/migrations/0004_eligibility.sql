-- Rules of occupational standards (申报条件), as the province centre entered them. Insert-only: a
-- later standard follows an earlier one from its day on.
create table eligibility_standard (
    edition         integer not null,
    occupation_code text not null,
    level           text not null,
    valid_from      date not null,
    version         text not null,
    rules           jsonb not null,
    primary key (edition, occupation_code, level, valid_from)
);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select, insert on eligibility_standard to %I', runtime);
end $$;
