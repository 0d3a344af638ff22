//! The centre's technical assessment: documents, experts, site.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::ApplicationId;
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use uuid::Uuid;

use super::registry::PoolKind;
use super::{App, Case};
use crate::domain::{AssessmentId, Command, Delegation, Particulars};
use crate::store;

/// The pools of a centre: whoever is in one of them may be sent on a site visit.
const POOLS: [PoolKind; 3] = [
    PoolKind::Expert,
    PoolKind::Inspector,
    PoolKind::ExternalSupervisor,
];

impl App {
    /// Records an assessment of an application. The reply, which each kind has of its own, is made
    /// from whether the applicant passed.
    pub(crate) async fn record_assessment<C, R>(
        &self,
        caller: &Caller,
        request: &C,
        application: ApplicationId,
        particulars: &Particulars,
        reply: impl FnOnce(bool) -> R,
    ) -> Result<R>
    where
        C: proto::Command,
        R: prost::Message + Default,
    {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let delegation = match particulars {
            Particulars::SiteVisit(visit) => {
                self.delegation(caller, application, visit.visited_on)
                    .await?
            }
            Particulars::DocumentCheck(_) | Particulars::ExpertPanel(_) => Delegation::default(),
        };
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open(&mut unit, caller, application).await?;
        let id = AssessmentId::from_uuid(Uuid::now_v7());
        let command = Command::RecordAssessment(id, particulars, &delegation);
        case.act(&mut unit, command).await?;
        let (vault, today) = (self.journal.vault(), unit.today());
        let connection = unit.connection();
        store::assessment::insert(connection, vault, application, id, today, particulars).await?;
        let newest = case.application.assessments.of(particulars.kind());
        let passed = newest.is_some_and(|newest| newest.passed);
        unit.finish(reply(passed)).await
    }

    /// Asks the registry whom the centre of an application, or the province's, could send on a day.
    async fn delegation(
        &self,
        caller: &Caller,
        application: ApplicationId,
        on: Date,
    ) -> Result<Delegation> {
        let mut connection = self.journal.pool().acquire().await?;
        let scope = caller.scope();
        let application = store::application::find(&mut connection, &scope, application).await?;
        drop(connection);
        let centres = BTreeSet::from([application.filing_division, DivisionCode::PROVINCE]);
        let mut pool = Vec::new();
        for division in centres {
            for kind in POOLS {
                pool.extend(self.registry.pool(kind, division, on).await?);
            }
        }
        Ok(Delegation(pool))
    }
}
