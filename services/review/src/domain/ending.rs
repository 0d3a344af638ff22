//! Ends that are not a selection: the applicant withdraws (撤回), or two persons decide not to
//! select (不予遴选).

use kernel::rejection::Faults;

use super::selecting::Decision;
use super::{Application, ApplicationState, Context, Fact};

impl Application {
    /// Possible until the selection is final. A public notice that is shown ends with it.
    pub(super) fn withdraw(&self, context: &Context<'_>) -> Result<Vec<Fact>, Faults> {
        self.require(&[
            ApplicationState::Draft,
            ApplicationState::Submitted,
            ApplicationState::Returned,
            ApplicationState::DecisionProposed,
            ApplicationState::InPublicNotice,
        ])?;
        let mut facts = Vec::new();
        if self.state == ApplicationState::InPublicNotice
            && let Some(selection) = &self.selection
        {
            facts.push(Fact::PublicNoticeConcluded {
                notice: selection.notice.id(),
                events: selection.notice.withdraw_row(&self.row_key())?,
            });
        }
        facts.push(Fact::ApplicationWithdrawn { on: context.today });
        Ok(facts)
    }

    pub(super) fn propose_rejection(&self, reason: &str) -> Result<Vec<Fact>, Faults> {
        self.require(&[
            ApplicationState::Submitted,
            ApplicationState::DecisionProposed,
        ])?;
        let content_hash = self.decision_hash(&Decision::Reject(reason));
        Ok(vec![Fact::RejectionProposed { content_hash }])
    }

    pub(super) fn confirm_rejection(&self, context: &Context<'_>) -> Result<Vec<Fact>, Faults> {
        self.require(&[ApplicationState::DecisionProposed])?;
        Ok(vec![Fact::ApplicationRejected { on: context.today }])
    }
}

#[cfg(test)]
mod tests {
    use kernel::public_notice::RowState;

    use super::super::Command;
    use super::super::samples::{DAY, act, electrician, proposed, selected, shown};
    use super::*;

    #[test]
    fn a_public_notice_ends_when_its_applicant_withdraws() {
        let mut application = shown();
        act(&mut application, Command::Withdraw, DAY).expect("not final yet");
        assert_eq!(application.state, ApplicationState::Withdrawn);
        let notice = &application.selection.as_ref().expect("it was shown").notice;
        assert_eq!(
            notice.row_state(&application.row_key()),
            Some(RowState::Withdrawn)
        );
        assert!(notice.is_concluded());
    }

    #[test]
    fn a_selection_that_is_final_is_not_withdrawn() {
        let refused = act(&mut selected(), Command::Withdraw, DAY).expect_err("final");
        assert_eq!(refused.codes(), ["APPLICATION_STATE"]);
    }

    #[test]
    fn each_decision_has_a_hash_of_its_own() {
        let application = proposed();
        let select = application.decision_hash(&Decision::Select(&[electrician()]));
        let one = application.decision_hash(&Decision::Reject("场地不符合条件"));
        let other = application.decision_hash(&Decision::Reject("人员不符合条件"));
        assert!(select != one && one != other && other != select);
    }
}
