//! What the other services' facts add up to, held against the rules: inside the unit of the fact.

use jiff::civil::Date;
use kernel::ids::{AlertId, OrganizationId, PlanId};
use platform::Result;
use platform::unit::Unit;
use uuid::Uuid;

use super::{ALERT, App, Today};
use crate::domain::risk::{Alert, Attendance, Figures, Finding, Reported, RiskKind, RiskRules};
use crate::store;

impl App {
    /// A plan was reported.
    pub(crate) async fn note_plan(
        &self,
        unit: &mut Unit,
        plan: PlanId,
        organization: OrganizationId,
        first_session_on: Date,
        reported: Reported,
    ) -> Result<()> {
        let connection = unit.connection();
        let of_month =
            store::watch::add_plan(connection, plan, organization, first_session_on, reported);
        let of_month = of_month.await?;
        let seats = store::watch::theory_seats(unit.connection(), organization).await?;
        let month = first_session_on.strftime("%Y-%m").to_string();
        let (rules, today) = (RiskRules::supplied(), unit.today());
        let mut found = rules.judge_month(&month, of_month, seats, today);
        if reported.not_rotated > 0 {
            let plans =
                store::watch::without_rotation(unit.connection(), organization, first_session_on);
            let (plans, year) = (plans.await?, first_session_on.year().to_string());
            found.extend(rules.judge_count(RiskKind::RotationMissing, &year, plans, today));
        }
        open_all(unit, organization, found).await
    }

    /// A session was held, on a day that older facts do not say, and reported on another. Of a plan
    /// that was never reported nothing is known.
    pub(crate) async fn note_session(
        &self,
        unit: &mut Unit,
        plan: PlanId,
        attendance: Attendance,
        held_on: Option<Date>,
        reported_on: Date,
    ) -> Result<()> {
        let known = store::watch::add_session(unit.connection(), plan, attendance).await?;
        let Some((organization, figures)) = known else {
            return Ok(());
        };
        let late = |held_on| RiskRules::supplied().is_late(held_on, reported_on);
        if held_on.is_some_and(late) {
            count_in_year(unit, organization, RiskKind::ReportsLate, reported_on).await?;
        }
        judge_plan(unit, organization, plan, &figures).await
    }

    /// A certificate was issued.
    pub(crate) async fn note_certificate(
        &self,
        unit: &mut Unit,
        plan: PlanId,
        organization: OrganizationId,
    ) -> Result<()> {
        let figures = store::watch::add_certificate(unit.connection(), plan, organization).await?;
        judge_plan(unit, organization, plan, &figures).await
    }

    /// A certificate was revoked.
    pub(crate) async fn note_revocation(
        &self,
        unit: &mut Unit,
        organization: OrganizationId,
        on: Date,
    ) -> Result<()> {
        count_in_year(unit, organization, RiskKind::RevocationsMany, on).await
    }

    /// Somebody objected to a result that is shown.
    pub(crate) async fn note_objection(
        &self,
        unit: &mut Unit,
        organization: OrganizationId,
        on: Date,
    ) -> Result<()> {
        count_in_year(unit, organization, RiskKind::ObjectionsMany, on).await
    }
}

/// Counts one more in the year of a day, and holds the count against the rule.
async fn count_in_year(
    unit: &mut Unit,
    organization: OrganizationId,
    kind: RiskKind,
    on: Date,
) -> Result<()> {
    let (connection, year) = (unit.connection(), on.year());
    let count = store::watch::add_to_year(connection, organization, year, kind).await?;
    let found = RiskRules::supplied().judge_count(kind, &year.to_string(), count, unit.today());
    open_all(unit, organization, found.into_iter().collect()).await
}

async fn judge_plan(
    unit: &mut Unit,
    organization: OrganizationId,
    plan: PlanId,
    figures: &Figures,
) -> Result<()> {
    let rules = RiskRules::supplied();
    let found = rules.judge_plan(&plan.to_string(), figures, unit.today());
    open_all(unit, organization, found).await
}

/// Opens an alert about each finding that is new.
async fn open_all(
    unit: &mut Unit,
    organization: OrganizationId,
    findings: Vec<Finding>,
) -> Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    // One that is an evaluation organisation no longer is not watched.
    let today = unit.today();
    let known =
        store::evaluation_organization::find(unit.connection(), organization, today).await?;
    let Some(known) = known else { return Ok(()) };
    let today = Today::of(unit).await?;
    for finding in findings {
        let id = AlertId::from_uuid(Uuid::now_v7());
        let division = known.filing_division;
        let (alert, fact) = Alert::open(id, organization, division, finding, &today.context());
        if store::alert::insert(unit.connection(), &alert).await? {
            let mut locked = unit.lock(ALERT, id.uuid()).await?;
            unit.record(&mut locked, &[fact]).await?;
        }
    }
    Ok(())
}
