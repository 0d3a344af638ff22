//! The lists of an inspection, asked of the registry and frozen.

use std::collections::HashMap;

use futures::{StreamExt, TryStreamExt, stream};
use jiff::civil::Date;
use kernel::ids::{InspectionId, OrganizationId};
use platform::access::Caller;
use platform::unit::{Begun, Unit};
use platform::{Error, Result};
use proto::review::v1 as review;
use sqlx::PgConnection;
use uuid::Uuid;

use super::App;
use super::inspect::Inspected;
use super::registry::PoolKind;
use crate::domain::inspection::refusal::PlanningRejection;
use crate::domain::inspection::{Inspection, Subject};
use crate::domain::{Applicant, PoolMember};
use crate::store::evaluation_organization::Known;
use crate::{messages, store};

/// Bodies that are asked about at a time.
const AT_A_TIME: usize = 16;

impl App {
    /// Freezes the lists that are drawn from.
    pub(crate) async fn freeze_inspection(
        &self,
        caller: &Caller,
        request: &review::FreezeInspectionRequest,
        id: InspectionId,
    ) -> Result<review::FreezeInspectionResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let asked = self.ask_for_lists(caller, request, id).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut inspected = Inspected::open(&mut unit, caller, id).await?;
        let subjects = subjects(&mut unit, &inspected, &asked.bodies).await?;
        let context = inspected.today.context();
        let (frozen, fact) = inspected
            .inspection
            .freeze(&subjects, &asked.pool, &context)?;
        inspected.freeze(&mut unit, frozen, &fact).await?;
        let inspection = Some(messages::inspection(&inspected.inspection));
        unit.finish(review::FreezeInspectionResponse { inspection })
            .await
    }

    /// What the registry says of the organisations and the inspectors.
    async fn ask_for_lists(
        &self,
        caller: &Caller,
        request: &review::FreezeInspectionRequest,
        id: InspectionId,
    ) -> Result<Asked> {
        let mut connection = self.journal.pool().acquire().await?;
        let inspection = store::inspection::find(&mut connection, &caller.scope(), id).await?;
        inspection.is_of(caller.centre())?;
        let today = self.today()?;
        let known = listed(&mut connection, &inspection, today).await?;
        drop(connection);
        let lent = request.with_provincial_inspectors;
        let (kind, division) = (PoolKind::Inspector, inspection.division);
        let pool = self.registry.pools(kind, division, lent, today).await?;
        let bodies = stream::iter(known)
            .map(|known| async move {
                let body = self.registry.applicant(known.organization).await?;
                Ok::<_, Error>((known.organization, body))
            })
            .buffer_unordered(AT_A_TIME)
            .try_collect()
            .await?;
        Ok(Asked { pool, bodies })
    }
}

/// What the registry answered.
struct Asked {
    pool: Vec<PoolMember>,
    bodies: HashMap<OrganizationId, Applicant>,
}

/// Organisations that an inspection reaches: those that work in its centre's area, or all.
async fn listed(
    connection: &mut PgConnection,
    inspection: &Inspection,
    today: Date,
) -> Result<Vec<Known>> {
    let own = (!inspection.plan.whole_province).then_some(inspection.division);
    store::evaluation_organization::list(connection, own, today).await
}

/// The organisations as they are now. One that the registry was not asked about has just come.
async fn subjects(
    unit: &mut Unit,
    inspected: &Inspected,
    bodies: &HashMap<OrganizationId, Applicant>,
) -> Result<Vec<Subject>> {
    let known = listed(
        unit.connection(),
        &inspected.inspection,
        inspected.today.date,
    )
    .await?;
    let ids: Vec<Uuid> = known
        .iter()
        .map(|known| known.organization.uuid())
        .collect();
    let year = inspected.today.date.year();
    let times = store::inspection::times_drawn(unit.connection(), &ids, year).await?;
    let subject = |known: Known| {
        let body = bodies.get(&known.organization);
        let body = body.ok_or_else(|| Error::refused(PlanningRejection::ListsChanged))?;
        Ok(Subject {
            organization: known.organization,
            code: known.code,
            name: body.name.clone(),
            credit_code: body.credit_code.to_string(),
            drawn_this_year: times.get(&known.organization).copied().unwrap_or(0),
        })
    };
    known.into_iter().map(subject).collect()
}
