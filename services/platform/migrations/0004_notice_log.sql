-- What happened to public notices (公示), day by day, so that what the public saw on any day can be
-- shown again. The first row of a notice is how it was opened; the notice as it is now lies with
-- the service. Insert-only.
create table platform.notice_log (
    public_notice_id uuid   not null,
    position         bigint generated always as identity,
    happened_on      date   not null,
    -- The notice as it was opened; null for what happened afterwards.
    opened           jsonb,
    -- Events of `kernel::public_notice`, in order.
    events           jsonb,
    primary key (public_notice_id, position),
    constraint notice_log_one_of_both check ((opened is null) = (events is not null))
);
create trigger notice_log_is_insert_only before update or delete or truncate on platform.notice_log
    for each statement execute function platform.refuse_change();

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select, insert on platform.notice_log to %I', runtime);
end $$;
