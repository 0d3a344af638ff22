//! Registration, rights and codes of evaluation organisations.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{CityReportId, ConsultationId, OrganizationId};
use kernel::rejection::Faults;
use platform::access::{Caller, Scope};
use platform::unit::Unit;
use platform::{Error, Result};
use proto::registry::v1 as contract;
use uuid::Uuid;

use super::App;
use super::held::Held;
use super::messages::record;
use crate::domain::code;
use crate::domain::organization::registering::{self, AreaGrant, Grant, Purpose, Selection};
use crate::domain::organization::{
    Organization, OrganizationFact, OrganizationRejection, OrganizationStatus,
};
use crate::domain::right::{GrantedScope, Right, RightVerdict, Wanted};
use crate::messages;
use crate::store;
use crate::store::organization::Found;

/// Whether a right is held, and by whom.
pub(crate) struct RightAnswer {
    /// The organisation, where the body is one.
    pub(crate) found: Option<Found>,
    /// The right, or why there is none.
    pub(crate) right: Result<Right, Faults>,
    /// 职业名称
    pub(crate) occupation_name: String,
}

impl App {
    /// Follows a selection, in the unit of the fact that told of it: a first one gives code and
    /// rights, an extension further rights, a renewal a new term.
    pub(crate) async fn follow_selection(
        &self,
        unit: &mut Unit,
        selection: &Selection,
    ) -> Result<()> {
        match selection.purpose {
            Purpose::First => self.register(unit, selection).await,
            Purpose::Extension | Purpose::Renewal => {
                let right_ids = fresh_ids(&selection.granted);
                let mut held = Held::lock(unit, selection.organization_id).await?;
                let grant = grant(unit, &right_ids).await?;
                let facts = match selection.purpose {
                    Purpose::Renewal => held.organization().renew(selection, &grant),
                    _ => held.organization().extend(selection, &grant),
                };
                held.save_rights(unit, &facts).await
            }
        }
    }

    async fn register(&self, unit: &mut Unit, selection: &Selection) -> Result<()> {
        let id = selection.organization_id;
        let mut locked = unit.lock("organization", id.uuid()).await?;
        let existing =
            store::organization::find_optional(unit.connection(), &Scope::Province, id).await?;
        let existing = existing.map(|found| found.organization);
        if existing
            .as_ref()
            .is_some_and(|known| known.selection_id == selection.selection_id)
        {
            return Ok(());
        }
        let part = self
            .divisions
            .organization_code_part(selection.filing_division)
            .ok_or_else(|| Error::refused(OrganizationRejection::FilingDivisionWithoutCode))?;
        let last = store::code::lock_counter(unit.connection(), part).await?;
        let reserved = store::code::reserved(unit.connection()).await?;
        let (code, running) = code::next_code(part, last, &reserved).map_err(Error::refused)?;
        let right_ids = fresh_ids(&selection.granted);
        let grant = grant(unit, &right_ids).await?;

        let facts = registering::register(existing.as_ref(), selection, code, &grant)?;
        store::code::save_counter(unit.connection(), part, running).await?;
        for fact in &facts {
            if let OrganizationFact::OrganizationRegistered { rights, on, .. } = fact {
                let new = Organization {
                    organization_id: id,
                    code,
                    filing_division: selection.filing_division,
                    status: OrganizationStatus::first(selection.filing_division),
                    selection_id: selection.selection_id,
                    application_id: selection.application_id,
                    rights: rights.clone(),
                    measures: Vec::new(),
                    registered_on: *on,
                };
                store::organization::insert(unit.connection(), &new).await?;
            }
        }
        record(unit, &mut locked, &facts).await
    }

    /// Gives an organisation rights in another city, as the province decided.
    pub(crate) async fn grant_area(&self, unit: &mut Unit, area: &AreaGrant) -> Result<()> {
        let right_ids = fresh_ids(&area.scopes);
        let mut held = Held::lock(unit, area.organization_id).await?;
        let facts = held.organization().grant_area(area, &right_ids);
        held.save_rights(unit, &facts).await
    }

    /// Ends an organisation's work in another city.
    pub(crate) async fn end_area(
        &self,
        unit: &mut Unit,
        id: OrganizationId,
        consultation: ConsultationId,
        division: DivisionCode,
        last_day: Date,
    ) -> Result<()> {
        let mut held = Held::lock(unit, id).await?;
        let organization = held.organization();
        let facts = organization.end_area(consultation, division, last_day);
        held.save_rights(unit, &facts).await
    }

    /// Notes that the province has recorded the report of an organisation.
    pub(crate) async fn note_report(
        &self,
        unit: &mut Unit,
        id: OrganizationId,
        report: CityReportId,
    ) -> Result<()> {
        let mut locked = unit.lock("organization", id.uuid()).await?;
        let found = store::organization::find(unit.connection(), &Scope::Province, id).await?;
        let facts = found.organization.report(report);
        if !facts.is_empty() {
            store::organization::set_reported(unit.connection(), id).await?;
        }
        record(unit, &mut locked, &facts).await
    }

    /// Whether an organisation has a right, judged now: by its rights and measures, by what it has
    /// published, and by the catalogue on the day asked about.
    pub(crate) async fn check_right(
        &self,
        caller: &Caller,
        id: OrganizationId,
        wanted: &Wanted,
    ) -> Result<RightAnswer> {
        let today = self.journal.clock().today()?;
        // One moment for all that is read: a measure that comes in between counts or does not.
        let mut reading = self.journal.pool().begin().await?;
        sqlx::query!("set transaction isolation level repeatable read, read only")
            .execute(&mut *reading)
            .await?;
        let found = store::organization::find_optional(&mut reading, &caller.scope(), id).await?;
        let rulebook = store::rules::rulebook(&mut reading, id).await?;
        let catalogue = self.catalogue_in(&mut reading).await?;
        reading.commit().await?;
        let judged = catalogue.judge(&wanted.occupation, &wanted.trade, wanted.on);
        let right = match (&found, &judged) {
            (None, _) => Err(RightVerdict::OrganizationNotRegistered.into()),
            (_, Err(verdict)) => Err(verdict.clone().into()),
            (Some(found), Ok(_)) => found.organization.judge(&rulebook, wanted, today).cloned(),
        };
        let occupation_name = catalogue
            .find(&wanted.occupation)
            .map(|row| row.name.clone())
            .unwrap_or_default();
        Ok(RightAnswer {
            found,
            right,
            occupation_name,
        })
    }

    /// An organisation that the caller may see, and today, by which its standing is told.
    pub(crate) async fn organization(
        &self,
        caller: &Caller,
        id: OrganizationId,
    ) -> Result<contract::GetOrganizationResponse> {
        let today = self.journal.clock().today()?;
        let mut connection = self.journal.pool().acquire().await?;
        let scope = self.reading(&mut connection, caller, id).await?;
        let found = store::organization::find(&mut connection, &scope, id).await?;
        let given_up = store::right::given_up(&mut connection, id).await?;
        let given_up = given_up.into_iter().map(messages::keeping::given_up);
        Ok(contract::GetOrganizationResponse {
            organization: Some(messages::keeping::organization(&found, today)),
            given_up: given_up.collect(),
        })
    }

    /// Today, by which the form of a request is judged.
    pub(crate) fn today(&self) -> Result<Date> {
        self.journal.clock().today()
    }
}

/// One id for each level of each scope.
fn fresh_ids(scopes: &[GrantedScope]) -> Vec<Uuid> {
    let levels = scopes.iter().flat_map(|scope| &scope.levels);
    levels.map(|_| Uuid::now_v7()).collect()
}

/// What rights are given by today: for a term, where the pilot sets one.
async fn grant<'a>(unit: &mut Unit, right_ids: &'a [Uuid]) -> Result<Grant<'a>> {
    let today = unit.origin().occurred_at.date();
    let pilot = unit.reference().await?.pilot_on(today);
    Ok(Grant {
        today,
        term_years: pilot.right_term_years,
        right_ids,
    })
}
