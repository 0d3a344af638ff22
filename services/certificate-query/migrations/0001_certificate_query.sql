-- The public index: what anybody may be told about a certificate, and the doors to it.
--
-- Everything here came as facts of `results` and can be had from there again. No column holds a
-- name or a document number in a form that could be turned back: names come masked, and a door is
-- a keyed digest whose key lies outside the database.
--
-- Nobody is answered from these tables. Each replica holds all of it in memory, reads it whole when
-- it starts, and then follows the changes by their sequence.

-- The last change. Whoever writes takes the next number here first and holds the row until its
-- transaction ends: numbers are committed in their order, and who has followed up to one has
-- missed none before it.
create table change_head (
    singleton boolean primary key default true check (singleton),
    sequence  bigint  not null
);
insert into change_head (sequence) values (0);

-- Everything that the owner recorded before this moment is in the tables. Absent until that is
-- known for the first time.
create table data_age (
    singleton boolean     primary key default true check (singleton),
    as_of     timestamptz not null
);

-- What a version of a certificate says. The newest version of a certificate says where it stands
-- now, and older ones say so, too; they stay, so that a paper that was corrected is told from one
-- that never was.
create table certificate_version (
    certificate_id         uuid    not null,
    version                integer not null check (version > 0),
    -- The change that made the row what it is.
    change_sequence        bigint  not null,
    -- Whether there is a newer version.
    superseded             boolean not null,
    number                 text    not null check (length(number) = 22),
    status                 text    not null check (status in ('valid', 'suspended', 'revoked')),
    masked_name            text    not null,
    masked_document_number text    not null,
    -- Codes of occupations changed between editions: one without the other says nothing.
    occupation_edition     smallint not null,
    occupation_code        text    not null,
    occupation_name        text    not null,
    -- Empty where there is none.
    trade                  text    not null,
    level                  text    not null,
    organization_code      text    not null check (length(organization_code) = 13),
    -- As it was called on the day of issue.
    organization_name      text    not null,
    issued_on              date    not null,
    -- Since when the status holds, and why; the reason is a code, empty while in force.
    status_since           date    not null,
    public_reason          text    not null,
    -- SHA-256 over the random token of the QR code: the door of who holds the paper.
    qr_token_hash          bytea   not null check (octet_length(qr_token_hash) = 32),
    -- Digests of number and name, and of document number and name, under each of these keys: two
    -- while keys are exchanged.
    door_keys              text[]  not null,
    number_doors           bytea[] not null check (cardinality(number_doors) = cardinality(door_keys)),
    document_doors         bytea[] not null check (cardinality(document_doors) = cardinality(door_keys)),
    -- Where the certificate comes from, as `luban.results.v1.CertificateLineage`.
    lineage                bytea   not null,
    -- The leaf of the certificate log, byte for byte as the owner wrote it.
    canonical_leaf         bytea   not null,
    primary key (certificate_id, version),
    constraint organization_issued_the_number check (left(number, 13) = organization_code)
);
create index certificate_version_changes on certificate_version (change_sequence);

-- How far somebody is who has no certificate yet.
create table candidate_stage (
    result_id       uuid   primary key,
    change_sequence bigint not null,
    stage           text   not null check (stage in
        ('in_public_notice', 'in_city_review', 'in_province_review', 'approved', 'ended')),
    since           date   not null,
    -- Last day of the public notice, once it is known; only in that stage.
    until           date,
    -- Digests of admission ticket number and name, under each of these keys.
    door_keys       text[]  not null,
    ticket_doors    bytea[] not null check (cardinality(ticket_doors) = cardinality(door_keys)),
    constraint until_belongs_to_the_public_notice check
        (until is null or stage = 'in_public_notice')
);
create index candidate_stage_changes on candidate_stage (change_sequence);

do $$
begin
    execute format(
        'grant select, update on change_head to %1$I;
         grant select, insert, update on data_age, certificate_version, candidate_stage to %1$I',
        current_setting('luban.runtime_role'));
end $$;
