//! Enrolment of bodies.

use kernel::ids::{ApplicationId, OrganizationId};
use platform::Result;
use platform::access::{Caller, Role};
use platform::unit::{Begun, Unit};
use proto::registry::v1 as contract;

use super::App;
use crate::domain::body::{self, Body, Enroller};
use crate::messages;
use crate::store;

impl App {
    /// Enrols a body under a fresh id.
    pub(crate) async fn enroll_body(
        &self,
        caller: &Caller,
        request: &contract::EnrollBodyRequest,
        body: Body,
        credit_code_reason: Option<&str>,
    ) -> Result<contract::EnrollBodyResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let facts = body::enroll(
            &body,
            enroller(caller),
            credit_code_reason.is_some(),
            &self.divisions,
        )?;
        let mut locked = unit
            .lock("organization", body.organization_id.uuid())
            .await?;
        let today = unit.origin().occurred_at.date();
        let vault = self.journal.vault();
        store::body::insert(unit.connection(), vault, &body, credit_code_reason, today).await?;
        unit.record(&mut locked, &facts).await?;
        unit.finish(contract::EnrollBodyResponse {
            body: Some(messages::body(&body)),
        })
        .await
    }

    /// Corrects how a body is enrolled.
    pub(crate) async fn correct_body(
        &self,
        caller: &Caller,
        request: &contract::CorrectBodyRequest,
        corrected: Body,
        credit_code_reason: Option<&str>,
    ) -> Result<contract::CorrectBodyResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let id = corrected.organization_id;
        // Looked for first: nobody waits for a body that is not its own, nor holds it.
        store::body::find(unit.connection(), &caller.scope(), id).await?;
        let mut locked = unit.lock("organization", id.uuid()).await?;
        let connection = unit.connection();
        let enrolled = store::body::find(connection, &caller.scope(), id).await?;
        let bound = store::body::bound(connection, id).await?;
        let by = match caller.role {
            Role::Organization => Enroller::NewBody,
            _ => enroller(caller),
        };
        let vouching = (by, credit_code_reason.is_some());
        let facts = body::correct(&enrolled, &corrected, bound, vouching, &self.divisions)?;
        if !facts.is_empty() {
            let same_code = enrolled.credit_code == corrected.credit_code;
            let vault = self.journal.vault();
            store::body::correct(
                unit.connection(),
                vault,
                &corrected,
                (same_code, credit_code_reason),
            )
            .await?;
        }
        unit.record(&mut locked, &facts).await?;
        unit.finish(contract::CorrectBodyResponse {
            body: Some(messages::body(&corrected)),
        })
        .await
    }

    /// Review tells that an application of a body is being assessed, or that it is no longer.
    pub(crate) async fn bind_body(
        &self,
        unit: &mut Unit,
        id: OrganizationId,
        application: ApplicationId,
        bound: bool,
    ) -> Result<()> {
        unit.lock("organization", id.uuid()).await?;
        store::body::bind(unit.connection(), id, application, bound).await
    }

    /// A body that the caller may see, and why its credit code was vouched for. A service has no use
    /// for what an officer wrote.
    pub(crate) async fn body(
        &self,
        caller: &Caller,
        id: OrganizationId,
    ) -> Result<(Body, Option<String>)> {
        let mut connection = self.journal.pool().acquire().await?;
        let body = store::body::find(&mut connection, &caller.scope(), id).await?;
        let reason = if caller.role == Role::Service {
            None
        } else {
            store::body::credit_code_reason(&mut connection, self.journal.vault(), id).await?
        };
        Ok((body, reason))
    }
}

fn enroller(caller: &Caller) -> Enroller {
    match (caller.role, caller.division, caller.organization) {
        (Role::CityCentre, Some(city), _) => Enroller::CityCentre(city),
        (Role::ProvinceCentre, ..) => Enroller::ProvinceCentre,
        (Role::Organization, _, Some(_)) => Enroller::OfAnotherBody,
        _ => Enroller::NewBody,
    }
}
