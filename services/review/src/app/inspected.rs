//! What inspections come to: recorded organisation by organisation, and published together.

use kernel::ids::{InspectionId, OrganizationId, PersonId};
use platform::access::{Caller, Role, Scope};
use platform::unit::Begun;
use platform::{Error, Result};
use proto::review::v1 as review;

use super::App;
use super::inspect::Inspected;
use crate::domain::inspection::refusal::ResultRejection;
use crate::domain::inspection::{Recorded, Report};
use crate::{messages, store};

impl App {
    /// Takes the result of one organisation on record.
    pub(crate) async fn record_inspection_result(
        &self,
        caller: &Caller,
        request: &review::RecordInspectionResultRequest,
        id: InspectionId,
        report: &Report,
    ) -> Result<review::RecordInspectionResultResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut inspected =
            Inspected::open_for_result(&mut unit, caller, id, report.organization).await?;
        let context = inspected.today.context();
        let (recorded, fact) = inspected.inspection.record(report, &context)?;
        inspected.take(&mut unit, &fact, None).await?;
        let vault = self.journal.vault();
        store::inspection_result::set(unit.connection(), vault, id, report, &recorded).await?;
        let result = Some(messages::inspection_result(id, report, &recorded));
        unit.finish(review::RecordInspectionResultResponse { result })
            .await
    }

    /// Publishes all results of an inspection.
    pub(crate) async fn publish_inspection(
        &self,
        caller: &Caller,
        request: &review::PublishInspectionRequest,
        id: InspectionId,
    ) -> Result<review::PublishInspectionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut inspected = Inspected::open(&mut unit, caller, id).await?;
        let fact = inspected.inspection.publish(inspected.today.date)?;
        inspected.take(&mut unit, &fact, None).await?;
        let inspection = Some(messages::inspection(&inspected.inspection));
        unit.finish(review::PublishInspectionResponse { inspection })
            .await
    }

    /// A result with its findings.
    pub(crate) async fn inspection_result(
        &self,
        caller: &Caller,
        id: InspectionId,
        organization: OrganizationId,
    ) -> Result<(Report, Recorded)> {
        // What counts of an inspector is the draw, wherever the province lent them from.
        let (scope, inspector) = match caller.role {
            Role::Inspector => {
                let person = PersonId::parse(&caller.subject);
                let stranger = |_| Error::refused(ResultRejection::NotFound);
                (Scope::Province, Some(person.map_err(stranger)?))
            }
            _ => (caller.scope(), None),
        };
        let vault = self.journal.vault();
        let mut connection = self.journal.pool().acquire().await?;
        store::inspection_result::find(&mut connection, vault, &scope, inspector, id, organization)
            .await
    }
}
