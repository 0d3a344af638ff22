-- Whose certificates are whose: found by document, for those who judge who may be examined.
-- Insert-only: what became of a certificate stands with it.
create table holding (
    document_index bytea   not null, -- blind index of the document
    index_key      text    not null, -- the key it was made with
    certificate_id uuid    not null,
    version        integer not null, -- of the certificate: the newest counts
    primary key (document_index, certificate_id, version),
    foreign key (certificate_id, version) references certificate_version
);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select, insert on holding to %I', runtime);
end $$;
