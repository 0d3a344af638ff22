//! Asking the register whether an organisation may examine, live and outside any unit.

use futures::{StreamExt, TryStreamExt, stream};
use kernel::division::DivisionCode;
use kernel::ids::RightId;
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::Rejection;
use platform::client::away;
use platform::contract::{level_message, occupation_message};
use platform::{Error, Result};
use proto::registry::v1::{CheckRightRequest, CheckRightResponse, RightPurpose};

use super::App;
use crate::domain::plan::Plan;
use crate::domain::report::{NoRight, RightAnswer, RightHeld, RightQuestion};

/// The neighbour's name in errors.
pub(super) const REGISTRY: &str = "registry";
/// Questions under way at once.
const AT_ONCE: usize = 8;

impl App {
    /// Everything the register has to be asked about a plan, with its answers.
    ///
    /// # Errors
    /// `Unavailable` when one question has no answer: that is never a yes.
    pub(super) async fn ask_rights(&self, plan: &Plan) -> Result<Vec<RightAnswer>> {
        let questions = plan.rights_to_ask().into_iter();
        stream::iter(questions.map(|question| self.ask_right(plan, question)))
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }

    async fn ask_right(&self, plan: &Plan, question: RightQuestion) -> Result<RightAnswer> {
        let subject = &plan.subjects[question.subject];
        let request = CheckRightRequest {
            organization_id: plan.organization_id.to_string(),
            occupation: Some(occupation_message(&subject.occupation)),
            trade: subject.trade.clone(),
            level: level_message(subject.level).into(),
            division_code: question.division.to_string(),
            on: question.on.to_string(),
            purpose: RightPurpose::Plan.into(),
        };
        let reply = self.registry.clone().check_right(request).await;
        let answer = reply.map_err(|status| away(REGISTRY, status))?;
        let right = right(answer.into_inner())?;
        Ok(RightAnswer { question, right })
    }
}

fn right(answer: CheckRightResponse) -> Result<Result<RightHeld, NoRight>> {
    if !answer.held {
        return Ok(Err(NoRight {
            zh: answer.reason_zh,
            en: answer.reason_en,
        }));
    }
    Ok(Ok(RightHeld {
        right_id: answered(REGISTRY, RightId::parse(&answer.right_id))?,
        organization_version: answer.organization_version,
        organization_code: answered(
            REGISTRY,
            EvaluationOrganizationCode::parse(&answer.organization_code),
        )?,
        filing_division: answered(REGISTRY, DivisionCode::parse(&answer.filing_division))?,
    }))
}

/// What a neighbour answered: what cannot be read is no answer, and never a yes.
pub(super) fn answered<T>(neighbour: &'static str, parsed: Result<T, impl Rejection>) -> Result<T> {
    parsed.map_err(|rejection| unreadable(neighbour, rejection.code()))
}

/// An answer that is none.
pub(super) fn unreadable(neighbour: &'static str, why: &'static str) -> Error {
    Error::Unavailable {
        what: neighbour,
        source: anyhow::anyhow!("an answer that cannot be read: {why}"),
    }
}
