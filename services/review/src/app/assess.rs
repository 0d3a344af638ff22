//! The centre's technical assessment: documents, experts, site.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::ApplicationId;
use kernel::rejection::FaultList;
use platform::Result;
use platform::access::Caller;
use platform::unit::{Begun, Unit};
use proto::review::v1 as review;
use uuid::Uuid;

use super::registry::PoolKind;
use super::{App, Case};
use crate::domain::{
    AssessmentId, Command, Delegation, Particulars, PhotoId, SiteVisit, named_photos,
};
use crate::store;

/// The pools of a centre: whoever is in one of them may be sent on a site visit.
const POOLS: [PoolKind; 3] = [
    PoolKind::Expert,
    PoolKind::Inspector,
    PoolKind::ExternalSupervisor,
];

impl App {
    /// Records a check of the documents.
    pub(crate) async fn record_document_check(
        &self,
        caller: &Caller,
        request: &review::RecordDocumentCheckRequest,
        id: ApplicationId,
        check: &Particulars,
    ) -> Result<review::RecordDocumentCheckResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open_seen(&mut unit, caller, id, request.version).await?;
        let nobody = Delegation::default();
        case.assess(&mut unit, check, &nobody).await?;
        let passed = check.passed();
        unit.finish(review::RecordDocumentCheckResponse { passed })
            .await
    }

    /// Records a site visit, with the photos that it names.
    pub(crate) async fn record_site_visit(
        &self,
        caller: &Caller,
        request: &review::RecordSiteVisitRequest,
        id: ApplicationId,
        mut visit: SiteVisit,
        named: &[PhotoId],
    ) -> Result<review::RecordSiteVisitResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let delegation = self.delegation(caller, id, visit.visited_on).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open_seen(&mut unit, caller, id, request.version).await?;
        let waiting = store::photo::waiting(unit.connection(), id).await?;
        let mut faults = FaultList::default();
        visit.photos = named_photos(named, &waiting, &mut faults);
        let photos = visit.photos.clone();
        let particulars = Particulars::SiteVisit(visit);
        if !faults.is_empty() {
            // What else is wrong is told with it.
            let untaken = AssessmentId::from_uuid(Uuid::now_v7());
            let command = Command::RecordAssessment(untaken, &particulars, &delegation);
            if let Err(others) = case.application.decide(command, &case.context()) {
                faults.extend(others);
            }
        }
        faults.finish()?;
        let assessment = case.assess(&mut unit, &particulars, &delegation).await?;
        store::photo::name(unit.connection(), assessment, &photos).await?;
        unit.finish(review::RecordSiteVisitResponse {}).await
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

impl Case {
    /// Takes an assessment on record; a site visit by those who could be sent.
    pub(super) async fn assess(
        &mut self,
        unit: &mut Unit,
        particulars: &Particulars,
        delegation: &Delegation,
    ) -> Result<AssessmentId> {
        let id = AssessmentId::from_uuid(Uuid::now_v7());
        let command = Command::RecordAssessment(id, particulars, delegation);
        self.act(unit, command).await?;
        store::assessment::insert(unit, self.application.id, id, particulars).await?;
        Ok(id)
    }
}
