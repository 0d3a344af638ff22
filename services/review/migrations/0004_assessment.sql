-- What a centre finds: about applications under assessment, and, as the province, about cities'
-- reports.

-- Formal faults of cities' reports, in the order in which they were found. All stay.
create table city_report_fault (
    fault_id       uuid  primary key,
    city_report_id uuid  not null references city_report,
    application_id uuid  not null references application,
    returned_on    date  not null,
    -- What is wrong, and what was put right; sealed. No correction where it is still to be made, or
    -- where the application was taken off.
    fault          bytea not null,
    correction     bytea,
    corrected_on   date
);
create index city_report_fault_by_report on city_report_fault (city_report_id, application_id);
-- One open fault of each application.
create unique index city_report_fault_open on city_report_fault (city_report_id, application_id)
    where corrected_on is null;

-- Until when a report is to be corrected, with its computation; null unless it is given back.
alter table city_report add column correct_by jsonb;
create index city_report_by_area on city_report (division_code, city_report_id);

-- Expert panels (专家论证组). Members stand by their numbers in the pool.
create table panel (
    panel_id        uuid    primary key,
    application_id  uuid    not null references application,
    filing_division text    not null,
    is_open         boolean not null,
    -- Who could be drawn, who could not and why, who was, and how each voted.
    panel           jsonb   not null,
    -- What was written: opinions, conflicts, excuses; sealed.
    texts           bytea   not null,
    -- The seed of a draw; sealed until it is revealed, and kept as it was. Null where members were
    -- named.
    seed            bytea
);
-- One at a time: two would be a way to choose.
create unique index panel_once on panel (application_id) where is_open;
create index panel_by_application on panel (application_id, panel_id);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select, insert on city_report_fault, panel to %I', runtime);
    execute format('grant update (is_open, panel, texts) on panel to %I', runtime);
    execute format('grant update (correction, corrected_on) on city_report_fault to %I', runtime);
    execute format('grant update (correct_by) on city_report to %I', runtime);
end $$;
