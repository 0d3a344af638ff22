//! Plans as those look them over whom they concern: the organisation, its filing centre, and the
//! centre of the area in which the exam is held.

use kernel::ids::PlanId;
use platform::Result;
use platform::access::Caller;
use proto::exam::v1 as contract;

use super::App;
use crate::store::summary::{self, Summary, Window};

impl App {
    /// Reported plans before one of them, the newest first.
    pub(crate) async fn plans(
        &self,
        caller: &Caller,
        window: Window,
        before: Option<PlanId>,
        page_size: u32,
    ) -> Result<contract::ListPlansResponse> {
        let mut connection = self.journal.pool().acquire().await?;
        let limit = i64::from(page_size) + 1;
        let mut found =
            summary::page(&mut connection, &caller.scope(), window, before, limit).await?;
        let size = usize::try_from(page_size).map_err(anyhow::Error::from)?;
        let more = found.len() > size;
        found.truncate(size);
        let last = found.last().filter(|_| more);
        Ok(contract::ListPlansResponse {
            next_page_token: last
                .map(|last| last.plan_id.to_string())
                .unwrap_or_default(),
            plans: found.iter().map(message).collect(),
        })
    }
}

fn message(plan: &Summary) -> contract::PlanSummary {
    let state = match plan.standing.as_str() {
        "reopened" => contract::PlanState::Reopened,
        "awaiting" => contract::PlanState::AwaitingConsent,
        "withdrawn" => contract::PlanState::Withdrawn,
        "held" => contract::PlanState::Held,
        _ => contract::PlanState::Reported,
    };
    contract::PlanSummary {
        plan_id: plan.plan_id.to_string(),
        organization_id: plan.organization_id.to_string(),
        organization_code: plan.organization_code.to_string(),
        state: state.into(),
        filing_division: plan.filing_division.to_string(),
        host_divisions: plan.hosts.iter().map(ToString::to_string).collect(),
        received_on: plan.received_on.to_string(),
        first_session_on: plan.first_session_on.to_string(),
        last_session_on: plan.last_session_on.to_string(),
        candidates: plan.candidates,
    }
}
