//! Registration, rights and codes of evaluation organisations.

use std::collections::BTreeSet;

use kernel::ids::{CityReportId, OrganizationId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::Faults;
use platform::access::{Caller, Scope};
use platform::unit::{Begun, Unit};
use platform::{Error, Result};
use proto::registry::v1 as contract;
use uuid::Uuid;

use super::{App, THE_ONE};
use crate::domain::code::{self, CodeBookFact};
use crate::domain::organization::{
    self, Organization, OrganizationFact, OrganizationRejection, OrganizationStatus, Selection,
};
use crate::domain::right::{self, RightVerdict, Wanted};
use crate::store;
use crate::store::organization::Found;

/// Whether a right is held, and by whom.
pub(crate) struct RightAnswer {
    /// The organisation, where the body is one.
    pub(crate) found: Option<Found>,
    /// The right, or why there is none.
    pub(crate) right: Result<right::Right, Faults>,
    /// 职业名称
    pub(crate) occupation_name: String,
}

impl App {
    /// Gives a selected organisation its code and rights, in the unit of the fact that told of it.
    pub(crate) async fn register(&self, unit: &mut Unit, selection: &Selection) -> Result<()> {
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
        let right_ids: Vec<Uuid> = selection.granted.iter().map(|_| Uuid::now_v7()).collect();
        let today = unit.origin().occurred_at.date();

        let facts = organization::register(existing.as_ref(), selection, code, &right_ids, today)?;
        store::code::save_counter(unit.connection(), part, running).await?;
        for fact in &facts {
            if let OrganizationFact::OrganizationRegistered { rights, .. } = fact {
                let new = Organization {
                    organization_id: id,
                    code,
                    filing_division: selection.filing_division,
                    status: OrganizationStatus::Registered,
                    selection_id: selection.selection_id,
                    application_id: selection.application_id,
                    rights: rights.clone(),
                    registered_on: today,
                };
                store::organization::insert(unit.connection(), &new).await?;
            }
        }
        unit.record(&mut locked, &facts).await
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
        unit.record(&mut locked, &facts).await
    }

    /// Whether an organisation has a right, judged now: by its rights, and by the catalogue on the
    /// day asked about.
    pub(crate) async fn check_right(
        &self,
        caller: &Caller,
        id: OrganizationId,
        wanted: &Wanted,
    ) -> Result<RightAnswer> {
        let mut connection = self.journal.pool().acquire().await?;
        let found =
            store::organization::find_optional(&mut connection, &caller.scope(), id).await?;
        let judged = self
            .catalogue
            .judge(&wanted.occupation, &wanted.trade, wanted.on);
        let right = match (&found, &judged) {
            (None, _) => Err(RightVerdict::OrganizationNotRegistered.into()),
            (_, Err(verdict)) => Err(verdict.clone().into()),
            (Some(found), Ok(_)) => right::covering(&found.organization.rights, wanted)
                .cloned()
                .map_err(Faults::from),
        };
        let occupation_name = self
            .catalogue
            .find(&wanted.occupation)
            .map(|row| row.name.clone())
            .unwrap_or_default();
        Ok(RightAnswer {
            found,
            right,
            occupation_name,
        })
    }

    /// An organisation that the caller may see.
    pub(crate) async fn organization(&self, caller: &Caller, id: OrganizationId) -> Result<Found> {
        let mut connection = self.journal.pool().acquire().await?;
        store::organization::find(&mut connection, &caller.scope(), id).await
    }

    /// Sets codes in use elsewhere aside.
    pub(crate) async fn reserve_codes(
        &self,
        caller: &Caller,
        request: &contract::ReserveOrganizationCodesRequest,
        codes: &[EvaluationOrganizationCode],
        reason: &str,
    ) -> Result<contract::ReserveOrganizationCodesResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut locked = unit.lock("code_book", THE_ONE).await?;
        // While the counters are locked, none of these codes can be given.
        let parts = codes.iter().filter_map(|code| code.city_part());
        for part in parts.collect::<BTreeSet<_>>() {
            store::code::lock_counter(unit.connection(), part).await?;
        }
        let given = store::code::given(unit.connection(), codes).await?;
        let reserved = store::code::reserved(unit.connection()).await?;
        let today = unit.origin().occurred_at.date();
        let facts = code::reserve(codes, &given, &reserved, today)?;
        let mut new = 0;
        for CodeBookFact::CodesReserved { codes, on } in &facts {
            store::code::reserve(unit.connection(), codes, reason, *on).await?;
            new += codes.len();
        }
        unit.record(&mut locked, &facts).await?;
        let reserved = u32::try_from(new).map_err(anyhow::Error::from)?;
        unit.finish(contract::ReserveOrganizationCodesResponse { reserved })
            .await
    }
}
