//! Applications, whole: with materials and public notice.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, CityReportId, OrganizationId, RoundId, SelectionId};
use kernel::public_notice::PublicNotice;
use platform::access::Scope;
use platform::error::readable;
use platform::{Error, Result};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{correction, day, material, round, unreadable};
use crate::domain::refusal::{ApplicationRejection, FilingRejection};
use crate::domain::{
    Applicant, Application, ApplicationState, AppliedOccupation, Assessments, FormId, Judgements,
    OccupationScope, Resources, Selection,
};

/// Keeps a draft that was just opened. Its annexes have a function of their own.
pub(crate) async fn insert(connection: &mut PgConnection, application: &Application) -> Result<()> {
    sqlx::query!(
        "insert into application (application_id, organization_id, filing_division, round_id,
             purpose, state, assessments)
         values ($1, $2, $3, $4, $5, $6, $7)",
        application.id.uuid(),
        application.organization.uuid(),
        application.filing_division.as_str(),
        application.round.uuid(),
        application.purpose.name(),
        application.state.name(),
        Json(&application.assessments) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps what changed in an application. Annexes, files and public notice have functions of their
/// own.
pub(crate) async fn save(connection: &mut PgConnection, application: &Application) -> Result<()> {
    let selection = application.selection.as_ref();
    sqlx::query!(
        "update application set state = $2, first_submitted_on = $3, submitted_on = $4,
             assessments = $5, selection_id = $6, granted = $7, round_id = $8, judgements = $9,
             resources = $10, applicant = $11, occupations = $12,
             unchecked_units = $13
         where application_id = $1",
        application.id.uuid(),
        application.state.name(),
        application.first_submitted_on.map(ToSqlx::to_sqlx) as _,
        application.submitted_on.map(ToSqlx::to_sqlx) as _,
        Json(&application.assessments) as _,
        selection.map(|selection| selection.id.uuid()),
        selection.map(|selection| Json(&selection.granted)) as _,
        application.round.uuid(),
        Json(&application.judgements) as _,
        application.resources.as_ref().map(Json) as _,
        application.applicant.as_ref().map(Json) as _,
        Json(&application.occupations) as _,
        &application.unchecked_units,
    )
    .execute(connection)
    .await
    .map_err(|error| {
        Error::from(error).on_constraint("application_undecided", ApplicationRejection::Undecided)
    })?;
    Ok(())
}

/// Keeps that applications stand on a report, or on none any more.
pub(crate) async fn set_report(
    connection: &mut PgConnection,
    ids: &[Uuid],
    report: Option<CityReportId>,
) -> Result<()> {
    sqlx::query!(
        "update application set city_report_id = $2 where application_id = any($1)",
        ids,
        report.map(|report| report.uuid()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How many drafts an organisation has with an authority.
pub(crate) async fn drafts(
    connection: &mut PgConnection,
    organization: OrganizationId,
    division: DivisionCode,
) -> Result<u32> {
    let drafts = sqlx::query_scalar!(
        r#"select count(*) as "drafts!" from application
           where organization_id = $1 and filing_division = $2 and state = 'draft'"#,
        organization.uuid(),
        division.as_str(),
    )
    .fetch_one(connection)
    .await?;
    Ok(u32::try_from(drafts).unwrap_or(u32::MAX))
}

/// One application.
pub(crate) async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    id: ApplicationId,
) -> Result<Application> {
    let mut found = find_all(connection, scope, &[id.uuid()]).await?;
    found
        .pop()
        .ok_or_else(|| Error::refused(ApplicationRejection::NotFound))
}

/// Those of the applications that are in scope, by rising id. A draft is its organisation's alone,
/// so whoever comes with another scope, be it the whole province, meets an application once it is
/// handed in.
pub(crate) async fn find_all(
    connection: &mut PgConnection,
    scope: &Scope,
    ids: &[Uuid],
) -> Result<Vec<Application>> {
    let scope = scope.filter();
    let rows = sqlx::query_as!(
        Row,
        r#"select application_id, aggregate.version, organization_id, filing_division, round_id,
               required, purpose, form_id, annex_one, applicant as "applicant: Json<Applicant>",
               occupations as "occupations: Json<Vec<AppliedOccupation>>", state,
               first_submitted_on, submitted_on, assessments as "assessments: Json<Assessments>",
               selection_id, granted as "granted: Json<Vec<OccupationScope>>", city_report_id,
               unchecked_units, judgements as "judgements: Json<Judgements>",
               resources as "resources: Json<Resources>",
               notice as "notice?: Json<PublicNotice>"
           from application join round using (round_id)
               join form using (application_id)
               join platform.aggregate
                   on aggregate.kind = 'application' and aggregate.id = application_id
               left join public_notice using (application_id, selection_id)
           where application_id = any($1) and form.is_current
             and ($2::text is null or filing_division = $2)
             and ($3::uuid is null or organization_id = $3)
             and ($3::uuid is not null or submitted_on is not null)
           order by application_id"#,
        ids,
        scope.area,
        scope.organization,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut held = material::held(connection, ids).await?;
    let mut returned = correction::returned(connection, ids).await?;
    let mut applications = Vec::with_capacity(rows.len());
    for row in rows {
        let mut application = row.into_domain()?;
        application.materials = held.remove(&application.id).unwrap_or_default();
        application.returned_fields = returned.remove(&application.id).unwrap_or_default();
        applications.push(application);
    }
    Ok(applications)
}

/// The application that a selection is of. The registry tells of selections by their ids.
pub(crate) async fn selected_by(
    connection: &mut PgConnection,
    selection: SelectionId,
) -> Result<ApplicationId> {
    let id = sqlx::query_scalar!(
        "select application_id from application where selection_id = $1",
        selection.uuid(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(FilingRejection::SelectionMismatch))?;
    Ok(ApplicationId::from_uuid(id))
}

/// Applications that were handed in, and of which something is still to come, of organisations whose
/// filing is withdrawn.
pub(crate) async fn open_of_withdrawn(
    connection: &mut PgConnection,
    today: Date,
    limit: i64,
) -> Result<Vec<ApplicationId>> {
    let ids = sqlx::query_scalar!(
        "select application_id from applicant join application using (organization_id)
         where withdrawn_on <= $1 and state in
             ('submitted', 'returned', 'decision_proposed', 'in_public_notice', 'selected')
         order by application_id limit $2",
        today.to_sqlx() as _,
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().map(ApplicationId::from_uuid).collect())
}

/// Ids of a page of the applications in scope, newest first; drafts as in [`find_all`].
pub(crate) async fn page(
    connection: &mut PgConnection,
    scope: &Scope,
    before: Option<ApplicationId>,
    size: u32,
) -> Result<Vec<Uuid>> {
    let scope = scope.filter();
    let ids = sqlx::query_scalar!(
        "select application_id from application
         where ($1::uuid is null or application_id < $1)
           and ($2::text is null or filing_division = $2)
           and ($3::uuid is null or organization_id = $3)
           and ($3::uuid is not null or submitted_on is not null)
         order by application_id desc limit $4",
        before.map(|id| id.uuid()),
        scope.area,
        scope.organization,
        i64::from(size),
    )
    .fetch_all(connection)
    .await?;
    Ok(ids)
}

struct Row {
    application_id: Uuid,
    version: i64,
    organization_id: Uuid,
    filing_division: String,
    round_id: Uuid,
    required: Vec<String>,
    purpose: String,
    form_id: Uuid,
    annex_one: Uuid,
    applicant: Option<Json<Applicant>>,
    occupations: Json<Vec<AppliedOccupation>>,
    unchecked_units: Vec<String>,
    state: String,
    first_submitted_on: Option<jiff_sqlx::Date>,
    submitted_on: Option<jiff_sqlx::Date>,
    assessments: Json<Assessments>,
    selection_id: Option<Uuid>,
    granted: Option<Json<Vec<OccupationScope>>>,
    city_report_id: Option<Uuid>,
    judgements: Json<Judgements>,
    resources: Option<Json<Resources>>,
    notice: Option<Json<PublicNotice>>,
}

impl Row {
    fn into_domain(self) -> Result<Application> {
        let selection = match (self.selection_id, self.granted, self.notice) {
            (None, None, None) => None,
            (Some(id), Some(Json(granted)), Some(Json(notice))) => Some(Selection {
                id: SelectionId::from_uuid(id),
                granted,
                notice,
            }),
            _ => return Err(unreadable("selection")),
        };
        let division = DivisionCode::parse(&self.filing_division);
        Ok(Application {
            id: ApplicationId::from_uuid(self.application_id),
            version: self.version.cast_unsigned(),
            organization: OrganizationId::from_uuid(self.organization_id),
            filing_division: readable("division", division)?,
            round: RoundId::from_uuid(self.round_id),
            required: round::required(&self.required)?,
            purpose: self.purpose.parse().map_err(|_| unreadable("purpose"))?,
            form: FormId::from_uuid(self.form_id),
            annex_one: FormId::from_uuid(self.annex_one),
            applicant: self.applicant.map(|Json(applicant)| applicant),
            occupations: self.occupations.0,
            unchecked_units: self.unchecked_units,
            state: state(&self.state)?,
            first_submitted_on: day(self.first_submitted_on),
            submitted_on: day(self.submitted_on),
            resources: self.resources.map(|Json(resources)| resources),
            // Read with those of all other applications.
            materials: BTreeMap::new(),
            returned_fields: BTreeMap::new(),
            assessments: self.assessments.0,
            judgements: self.judgements.0,
            selection,
            city_report: self.city_report_id.map(CityReportId::from_uuid),
        })
    }
}

pub(super) fn state(stored: &str) -> Result<ApplicationState> {
    stored.parse().map_err(|_| unreadable("state"))
}
