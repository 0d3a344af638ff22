-- Photos of site visits (现场考察照片). The content lies sealed in the object store under
-- `<application id>/<photo id>`, without what the camera had added. None is ever deleted.

create table site_photo (
    photo_id       uuid   primary key,
    application_id uuid   not null references application,
    -- What it shows, of the items of a visit.
    item           text   not null,
    media_type     text   not null,
    size_bytes     bigint not null check (size_bytes > 0),
    sha256         bytea  not null check (octet_length(sha256) = 32),
    uploaded_on    date   not null,
    -- The visit that names it, which is frozen with it; null while it waits for one.
    assessment_id  uuid   references assessment
);
create index site_photo_by_application on site_photo (application_id, photo_id);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select, insert, update (assessment_id) on site_photo to %I', runtime);
end $$;
