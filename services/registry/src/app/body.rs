//! Enrolment of bodies.

use kernel::ids::OrganizationId;
use platform::Result;
use platform::access::{Caller, Role};
use platform::unit::Begun;
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
