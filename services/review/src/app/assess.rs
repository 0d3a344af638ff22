//! The centre's technical assessment: documents, experts, site.

use kernel::ids::ApplicationId;
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use uuid::Uuid;

use super::{App, Case};
use crate::domain::{AssessmentId, Command, Particulars};
use crate::store;

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
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open(&mut unit, caller, application).await?;
        let id = AssessmentId::from_uuid(Uuid::now_v7());
        case.act(&mut unit, Command::RecordAssessment(id, particulars))
            .await?;
        let (vault, today) = (self.journal.vault(), unit.today());
        let connection = unit.connection();
        store::assessment::insert(connection, vault, application, id, today, particulars).await?;
        let newest = case.application.assessments.of(particulars.kind());
        let passed = newest.is_some_and(|newest| newest.passed);
        unit.finish(reply(passed)).await
    }
}
