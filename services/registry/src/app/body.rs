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
    ) -> Result<contract::EnrollBodyResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let facts = body::enroll(&body, enroller(caller), &self.divisions)?;
        let mut locked = unit
            .lock("organization", body.organization_id.uuid())
            .await?;
        let today = unit.origin().occurred_at.date();
        store::body::insert(unit.connection(), &body, today).await?;
        unit.record(&mut locked, &facts).await?;
        unit.finish(contract::EnrollBodyResponse {
            body: Some(messages::body(&body)),
        })
        .await
    }

    /// A body that the caller may see.
    pub(crate) async fn body(&self, caller: &Caller, id: OrganizationId) -> Result<Body> {
        let mut connection = self.journal.pool().acquire().await?;
        store::body::find(&mut connection, &caller.scope(), id).await
    }
}

fn enroller(caller: &Caller) -> Enroller {
    match (caller.role, caller.division, caller.organization) {
        (Role::CityCentre, Some(city), _) => Enroller::CityCentre(city),
        (Role::Organization, _, Some(_)) => Enroller::OfAnotherBody,
        _ => Enroller::Free,
    }
}
