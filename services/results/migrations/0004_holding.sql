-- Whose certificates are whose: found by document number, for those who judge who may be examined.
-- Insert-only: what became of a certificate stands with it.
create table holding (
    document_index bytea not null, -- blind index of the document number
    index_key      text  not null, -- the key it was made with
    certificate_id uuid  not null references certificate,
    primary key (document_index, certificate_id)
);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select, insert on holding to %I', runtime);
end $$;
