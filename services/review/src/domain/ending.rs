//! Ends that are not a selection: the applicant withdraws (撤回), two persons decide not to select
//! (不予遴选), or the organisation loses its filing (取消备案) on the way.

use kernel::rejection::Faults;

use super::application::OPEN;
use super::selecting::Decision;
use super::{Application, ApplicationState, Context, Fact};

impl Application {
    /// Possible until the selection is final.
    pub(super) fn withdraw(&self, context: &Context<'_>) -> Result<Vec<Fact>, Faults> {
        self.require(&[
            ApplicationState::Draft,
            ApplicationState::Submitted,
            ApplicationState::Returned,
            ApplicationState::DecisionProposed,
            ApplicationState::InPublicNotice,
        ])?;
        self.end_with(Fact::ApplicationWithdrawn { on: context.today })
    }

    /// Whoever is no evaluation organisation any more (取消备案) gets no further rights, however far
    /// the way there has come.
    pub(super) fn lapse(&self, context: &Context<'_>) -> Result<Vec<Fact>, Faults> {
        self.require(&OPEN)?;
        self.end_with(Fact::ApplicationLapsed { on: context.today })
    }

    /// A public notice that is shown ends with the application.
    fn end_with(&self, ending: Fact) -> Result<Vec<Fact>, Faults> {
        let mut facts = Vec::new();
        if self.state == ApplicationState::InPublicNotice
            && let Some(selection) = &self.selection
        {
            facts.push(Fact::PublicNoticeConcluded {
                notice: selection.notice.id(),
                events: selection.notice.withdraw_row(&self.row_key())?,
            });
        }
        facts.push(ending);
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
    fn a_public_notice_ends_without_a_selection_when_the_filing_is_withdrawn() {
        let mut application = shown();
        act(&mut application, Command::Lapse, DAY).expect("still open");
        assert_eq!(application.state, ApplicationState::Lapsed);
        let notice = &application.selection.as_ref().expect("it was shown").notice;
        assert!(notice.is_concluded());
        let later = jiff::civil::date(2020, 5, 26);
        let refused = act(&mut application, Command::ConcludePublicNotice, later);
        assert_eq!(refused.expect_err("over").codes(), ["APPLICATION_STATE"]);
        let mut application = selected();
        act(&mut application, Command::Lapse, DAY).expect("not registered yet");
        assert_eq!(application.state, ApplicationState::Lapsed);
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
