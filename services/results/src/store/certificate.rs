//! Certificates: what stays, and where they stand. The holder's data are by version.

use jiff_sqlx::ToSqlx;
use kernel::certificate_number::CertificateNumber;
use kernel::division::DivisionCode;
use kernel::ids::{
    BatchId, CertificateId, OrganizationId, PlanId, ProposalId, PublicNoticeId, ResultId, RightId,
};
use kernel::level::Level;
use kernel::organization_code::EvaluationOrganizationCode;
use platform::access::Scope;
use platform::error::readable;
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::batch::read_occupation;
use super::unreadable;
use crate::domain::batch::areas;
use crate::domain::certificate::{Certificate, CertificateStatus, Lineage, RevocationReason};
use crate::domain::exam::Subject;
use crate::domain::rejection::CertificateRejection;

struct Row {
    certificate_id: Uuid,
    number: String,
    result_id: Uuid,
    ticket_number: String,
    organization_name: String,
    right_id: Uuid,
    organization_version: i64,
    issuance_id: Uuid,
    issued_on: jiff_sqlx::Date,
    version: i32,
    status: String,
    status_since: jiff_sqlx::Date,
    public_reason: String,
    masked_name: String,
    masked_document_number: String,
    qr_token_hash: Vec<u8>,
    city_review: Option<Uuid>,
    province_review: Option<Uuid>,
    batch_id: Uuid,
    plan_id: Uuid,
    organization_id: Uuid,
    organization_code: String,
    filing_division: String,
    review_area: String,
    edition: i16,
    occupation_code: String,
    occupation_name: String,
    trade: String,
    level: String,
    public_notice_id: Uuid,
}

/// Which certificates.
#[derive(Clone, Copy)]
pub enum Which<'a> {
    /// The one with this number, whether or not it is in force.
    Number(&'a CertificateNumber),
    /// Those in force of a batch.
    Batch(BatchId),
    /// Those in force of an organisation.
    Organization(OrganizationId),
    /// These, whether or not they are in force.
    Ids(&'a [Uuid]),
}

/// Certificates in the caller's scope, in the order of their ids.
pub(crate) async fn select(
    connection: &mut PgConnection,
    scope: &Scope,
    which: Which<'_>,
) -> Result<Vec<Certificate>> {
    let (mut number, mut batch, mut organization, mut ids) = (None, None, None, None);
    match which {
        Which::Number(wanted) => number = Some(wanted.as_str()),
        Which::Batch(wanted) => batch = Some(wanted.uuid()),
        Which::Organization(wanted) => organization = Some(wanted.uuid()),
        Which::Ids(wanted) => ids = Some(wanted),
    }
    let in_force_only = batch.is_some() || organization.is_some();
    let rows = sqlx::query_as!(
        Row,
        r#"select certificate_id, number, result_id, ticket_number, c.organization_name, right_id,
             organization_version, issuance_id, issued_on, version, status, status_since,
             public_reason, v.masked_name, v.masked_document_number, qr_token_hash, city_review,
             province_review, batch_id, plan_id, organization_id, organization_code,
             filing_division, review_area, edition, occupation_code, occupation_name, trade,
             level, r.public_notice_id as "public_notice_id!"
         from certificate c
         join certificate_version v using (certificate_id, version)
         join result r using (result_id)
         join batch b using (batch_id)
         join batch_subject s using (batch_id)
         where s.position = r.subject
           and ($3::text is null or number = $3)
           and ($4::uuid is null or batch_id = $4)
           and ($5::uuid is null or organization_id = $5)
           and ($6::uuid[] is null or certificate_id = any($6))
           and (status = 'valid' or not $7)
           and ($1::text is null or review_area = $1)
           and ($2::uuid is null or organization_id = $2)
         order by certificate_id"#,
        scope.area(),
        scope.organization(),
        number,
        batch,
        organization,
        ids,
        in_force_only,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Row::into_certificate).collect()
}

/// The certificates in force of a batch, each with its number, in the order of the numbers.
pub(crate) async fn numbered(
    connection: &mut PgConnection,
    batch: BatchId,
) -> Result<Vec<(CertificateId, CertificateNumber)>> {
    let rows = sqlx::query!(
        "select certificate_id, number from certificate join result using (result_id)
         where batch_id = $1 and status = 'valid' order by number",
        batch.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let numbered = rows.into_iter().map(|row| {
        let number = readable("certificate", CertificateNumber::parse(&row.number))?;
        Ok((CertificateId::from_uuid(row.certificate_id), number))
    });
    numbered.collect()
}

/// A certificate in the caller's scope.
pub(crate) async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    number: &CertificateNumber,
) -> Result<Certificate> {
    let mut found = select(connection, scope, Which::Number(number)).await?;
    found
        .pop()
        .ok_or_else(|| Error::refused(CertificateRejection::NotFound))
}

impl Row {
    fn into_certificate(self) -> Result<Certificate> {
        let filing = readable("certificate", DivisionCode::parse(&self.filing_division))?;
        let review = readable("certificate", DivisionCode::parse(&self.review_area))?;
        let reason = match self.public_reason.as_str() {
            "" => None,
            word => Some(RevocationReason::parse(word).ok_or_else(|| unreadable("reason"))?),
        };
        Ok(Certificate {
            id: CertificateId::from_uuid(self.certificate_id),
            number: readable("certificate", CertificateNumber::parse(&self.number))?,
            ticket_number: self.ticket_number,
            subject: Subject {
                occupation: read_occupation(self.edition, &self.occupation_code)?,
                occupation_name: self.occupation_name,
                trade: self.trade,
                level: readable("certificate", Level::parse(&self.level))?,
            },
            organization_name: self.organization_name,
            lineage: Lineage {
                organization: OrganizationId::from_uuid(self.organization_id),
                organization_code: readable(
                    "certificate",
                    EvaluationOrganizationCode::parse(&self.organization_code),
                )?,
                right: RightId::from_uuid(self.right_id),
                organization_version: self.organization_version.cast_unsigned(),
                plan: PlanId::from_uuid(self.plan_id),
                batch: BatchId::from_uuid(self.batch_id),
                result: ResultId::from_uuid(self.result_id),
                public_notice: PublicNoticeId::from_uuid(self.public_notice_id),
                city_review: self.city_review.map(ProposalId::from_uuid),
                province_review: self.province_review.map(ProposalId::from_uuid),
                issuance: ProposalId::from_uuid(self.issuance_id),
            },
            areas: areas(filing, review),
            issued_on: self.issued_on.to_jiff(),
            version: self.version.cast_unsigned(),
            status: CertificateStatus::parse(&self.status).ok_or_else(|| unreadable("status"))?,
            status_since: self.status_since.to_jiff(),
            public_reason: reason,
            masked_name: self.masked_name,
            masked_document_number: self.masked_document_number,
            qr_token_hash: self
                .qr_token_hash
                .try_into()
                .map_err(|_| unreadable("token hash"))?,
        })
    }
}

/// Puts certificates of one issuance into the table. A result that has one is refused by
/// constraint.
pub(crate) async fn insert(connection: &mut PgConnection, new: &[&Certificate]) -> Result<()> {
    let Some(first) = new.first() else {
        return Ok(());
    };
    let ids = |id: fn(&Certificate) -> Uuid| new.iter().map(|new| id(new)).collect::<Vec<_>>();
    let names: Vec<_> = new
        .iter()
        .map(|new| new.organization_name.clone())
        .collect();
    let numbers: Vec<_> = new.iter().map(|new| new.number.to_string()).collect();
    let versions: Vec<_> = new
        .iter()
        .map(|new| new.lineage.organization_version.cast_signed())
        .collect();
    sqlx::query!(
        "insert into certificate (issuance_id, issued_on, version, status, status_since,
             certificate_id, number, result_id, organization_name, right_id, organization_version)
         select $1, $2, $3, $4, $2, new.*
         from unnest($5::uuid[], $6::text[], $7::uuid[], $8::text[], $9::uuid[], $10::bigint[])
             as new",
        first.lineage.issuance.uuid(),
        first.issued_on.to_sqlx() as _,
        first.version.cast_signed(),
        first.status.as_str(),
        &ids(|new| new.id.uuid()),
        &numbers,
        &ids(|new| new.lineage.result.uuid()),
        &names,
        &ids(|new| new.lineage.right.uuid()),
        &versions,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Saves what can change about certificates.
pub(crate) async fn save(
    connection: &mut PgConnection,
    certificates: &[&Certificate],
) -> Result<()> {
    let column = |value: fn(&Certificate) -> &'static str| -> Vec<String> {
        certificates.iter().map(|it| value(it).to_owned()).collect()
    };
    let since: Vec<_> = certificates
        .iter()
        .map(|it| it.status_since.to_sqlx())
        .collect();
    sqlx::query!(
        "update certificate
         set version = new.version, status = new.status, status_since = new.status_since,
             public_reason = new.public_reason
         from unnest($1::uuid[], $2::integer[], $3::text[], $4::date[], $5::text[])
             as new (certificate_id, version, status, status_since, public_reason)
         where certificate.certificate_id = new.certificate_id",
        &certificates
            .iter()
            .map(|it| it.id.uuid())
            .collect::<Vec<_>>(),
        &certificates
            .iter()
            .map(|it| it.version.cast_signed())
            .collect::<Vec<_>>(),
        &column(|it| it.status.as_str()),
        &since as &[jiff_sqlx::Date],
        &column(|it| it.public_reason.map_or("", RevocationReason::as_str)),
    )
    .execute(connection)
    .await?;
    Ok(())
}
