//! What exam-scheduling and results publish, as far as it says something about an organisation.

use jiff::civil::{Date, DateTime};
use kernel::ids::{OrganizationId, PlanId};
use platform::Result;
use platform::contract::date;
use platform::inbox::Handler;
use platform::unit::Unit;
use prost::Message;
use proto::common::v1::Fact;
use proto::exam::v1::{PlanConsented, PlanReported, PlanWithdrawn, SessionHeld};
use proto::results::v1::{CertificateEvent, CertificateFact, ResultObjectionRaised};

use super::incoming::read;
use crate::app::App;
use crate::domain::risk::{Attendance, Reported};

/// Hears facts of exam-scheduling's aggregate `plan`.
pub struct PlanFacts {
    app: App,
}

impl PlanFacts {
    /// A handler that acts through the app.
    pub fn new(app: App) -> Self {
        Self { app }
    }
}

impl Handler for PlanFacts {
    async fn apply(&self, unit: &mut Unit, fact: &Fact) -> Result<()> {
        match fact.kind.as_str() {
            "plan_reported" => {
                let reported = PlanReported::decode(fact.payload.clone());
                let reported = reported.map_err(anyhow::Error::from)?;
                let plan = read(PlanId::parse(&reported.plan_id))?;
                let organization = read(OrganizationId::parse(&reported.organization_id))?;
                let first = read(date(&reported.first_session_on))?;
                let people = Reported {
                    candidates: reported.candidates,
                    not_rotated: reported.not_rotated,
                };
                self.app
                    .note_plan(unit, plan, organization, first, people)
                    .await
            }
            "plan_consented" => {
                let stands = PlanConsented::decode(fact.payload.clone());
                let stands = stands.map_err(anyhow::Error::from)?;
                let plan = read(PlanId::parse(&stands.plan_id))?;
                let organization = read(OrganizationId::parse(&stands.organization_id))?;
                let first = read(date(&stands.first_session_on))?;
                let people = Reported {
                    candidates: stands.candidates,
                    not_rotated: stands.not_rotated,
                };
                self.app
                    .note_plan(unit, plan, organization, first, people)
                    .await
            }
            // An exam that does not take place is no volume.
            "plan_withdrawn" => {
                let gone = PlanWithdrawn::decode(fact.payload.clone());
                let gone = gone.map_err(anyhow::Error::from)?;
                let plan = read(PlanId::parse(&gone.plan_id))?;
                let organization = read(OrganizationId::parse(&gone.organization_id))?;
                let first = read(date(&gone.first_session_on))?;
                self.app
                    .note_plan(unit, plan, organization, first, Reported::default())
                    .await
            }
            "session_held" => {
                let held = SessionHeld::decode(fact.payload.clone());
                let held = held.map_err(anyhow::Error::from)?;
                let plan = read(PlanId::parse(&held.plan_id))?;
                let held_on = Some(&held.held_on).filter(|day| !day.is_empty());
                let held_on = held_on.map(|day| read(date(day))).transpose()?;
                let people = Attendance {
                    present: held.present,
                    absent: held.absent,
                };
                self.app
                    .note_session(unit, plan, people, held_on, occurred_on(fact)?)
                    .await
            }
            _ => Ok(()),
        }
    }
}

/// Hears facts of results' aggregate `certificate`.
pub struct CertificateFacts {
    app: App,
}

impl CertificateFacts {
    /// A handler that acts through the app.
    pub fn new(app: App) -> Self {
        Self { app }
    }
}

impl Handler for CertificateFacts {
    async fn apply(&self, unit: &mut Unit, fact: &Fact) -> Result<()> {
        let certificate = CertificateFact::decode(fact.payload.clone());
        let certificate = certificate.map_err(anyhow::Error::from)?;
        let lineage = certificate.lineage.clone().unwrap_or_default();
        match certificate.event() {
            CertificateEvent::Issued => {
                let plan = read(PlanId::parse(&lineage.plan_id))?;
                let organization = read(OrganizationId::parse(&lineage.organization_id))?;
                self.app.note_certificate(unit, plan, organization).await
            }
            CertificateEvent::Revoked => {
                let organization = read(OrganizationId::parse(&lineage.organization_id))?;
                let on = read(date(&certificate.status_since))?;
                self.app.note_revocation(unit, organization, on).await
            }
            CertificateEvent::Corrected
            | CertificateEvent::Reissued
            | CertificateEvent::Reindexed
            | CertificateEvent::Unspecified => Ok(()),
        }
    }
}

/// Hears facts of results' aggregate `batch`.
pub struct BatchFacts {
    app: App,
}

impl BatchFacts {
    /// A handler that acts through the app.
    pub fn new(app: App) -> Self {
        Self { app }
    }
}

impl Handler for BatchFacts {
    async fn apply(&self, unit: &mut Unit, fact: &Fact) -> Result<()> {
        if fact.kind != "objection_raised" {
            return Ok(());
        }
        let raised = ResultObjectionRaised::decode(fact.payload.clone());
        let raised = raised.map_err(anyhow::Error::from)?;
        let organization = read(OrganizationId::parse(&raised.organization_id))?;
        self.app
            .note_objection(unit, organization, occurred_on(fact)?)
            .await
    }
}

/// The business day on which a fact happened, whenever it is heard.
fn occurred_on(fact: &Fact) -> Result<Date> {
    let occurred_at: DateTime = fact.occurred_at.parse().map_err(anyhow::Error::from)?;
    Ok(occurred_at.date())
}
