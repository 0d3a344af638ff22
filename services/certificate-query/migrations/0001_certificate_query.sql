-- The public index: what anybody may be told about a certificate, and the doors to it.
--
-- Everything here came as facts of `results` and can be had from there again. No column holds a
-- name or a document number in a form that could be turned back: names come masked, and a door is
-- a keyed digest whose key lies outside the database.

-- What a version of a certificate says. The newest version of a certificate says where it stands
-- now; older ones stay, so that a paper that was corrected is told from one that never was.
create table certificate_version (
    certificate_id         uuid    not null,
    version                integer not null check (version > 0),
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
    qr_token_hash          bytea   not null,
    -- Where the certificate comes from, as `luban.results.v1.CertificateLineage`.
    lineage                bytea   not null,
    -- The leaf of the certificate log, byte for byte as the owner wrote it.
    canonical_leaf         bytea   not null,
    primary key (certificate_id, version)
);

-- What leads to a certificate: the digest of a pair that only somebody knows who has seen the
-- paper or its holder. While keys are exchanged there is a door under each.
create table certificate_door (
    -- Which pair, in the words of the kernel: `certificate.number_and_name`, …
    purpose        text    not null,
    key_id         text    not null,
    digest         bytea   not null check (octet_length(digest) = 32),
    certificate_id uuid    not null,
    -- The newest version that has this pair.
    version        integer not null,
    -- One person has several certificates, so a pair that names a person has several doors.
    primary key (purpose, key_id, digest, certificate_id),
    constraint door_leads_to_a_version foreign key (certificate_id, version)
        references certificate_version
);

-- How far somebody is who has no certificate yet.
create table candidate_stage (
    result_id uuid primary key,
    stage     text not null check (stage in
        ('in_public_notice', 'in_city_review', 'in_province_review', 'approved', 'ended')),
    since     date not null,
    -- Last day of the public notice, once it is known; only in that stage.
    until     date,
    constraint until_belongs_to_the_public_notice check
        (until is null or stage = 'in_public_notice')
);

-- What leads to a stage: admission ticket number and name.
create table candidate_door (
    purpose   text  not null,
    key_id    text  not null,
    digest    bytea not null check (octet_length(digest) = 32),
    result_id uuid  not null references candidate_stage,
    primary key (purpose, key_id, digest, result_id)
);

do $$
begin
    execute format(
        'grant select, insert, update on certificate_version, certificate_door, candidate_stage,
         candidate_door to %I', current_setting('luban.runtime_role'));
end $$;
