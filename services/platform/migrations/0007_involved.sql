-- Who had a hand in what an inquiry is about, by the subject of the token: somebody else answers for
-- the organisation. A service that knows of such people says so by replacing this view.
create view platform.inquiry_involved as
select null::uuid as inquiry_id, null::text as subject where false;

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select on platform.inquiry_involved to %I', runtime);
end $$;
