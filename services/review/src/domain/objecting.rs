//! Objections against a selection that is shown (异议). One that is open holds the row; one that is
//! upheld overturns the selection.

use jiff::civil::Date;
use kernel::ids::ObjectionId;
use kernel::public_notice::{NoticeEvent, ObjectionOutcome, RowKey, RowState};
use kernel::rejection::Faults;

use super::{Application, ApplicationState, Fact, Selection};

impl Application {
    pub(super) fn raise_objection(
        &self,
        objection: ObjectionId,
        row: &RowKey,
        on: Date,
    ) -> Result<Vec<Fact>, Faults> {
        let selection = self.shown()?;
        let events = selection.notice.object(objection, row, on)?;
        Ok(vec![changed(selection, events)])
    }

    /// A row that is released ends at the next tick of the calendar, not here.
    pub(super) fn resolve_objection(
        &self,
        objection: ObjectionId,
        outcome: ObjectionOutcome,
    ) -> Result<Vec<Fact>, Faults> {
        let selection = self.shown()?;
        let events = selection.notice.resolve(objection, outcome)?;
        let mut after = selection.notice.clone();
        after.apply_all(&events);
        if after.row_state(&self.row_key()) != Some(RowState::Upheld) {
            return Ok(vec![changed(selection, events)]);
        }
        let notice = after.id();
        Ok(vec![
            Fact::PublicNoticeConcluded { notice, events },
            Fact::SelectionOverturned {
                selection: selection.id,
            },
        ])
    }

    /// The selection that is shown.
    fn shown(&self) -> Result<&Selection, Faults> {
        self.require(&[ApplicationState::InPublicNotice])?;
        self.selection
            .as_ref()
            .ok_or_else(|| self.wrong_state().into())
    }
}

fn changed(selection: &Selection, events: Vec<NoticeEvent>) -> Fact {
    Fact::PublicNoticeChanged {
        notice: selection.notice.id(),
        events,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::super::samples::{DAY, act, row_key, shown};
    use super::super::{Assessments, Command};
    use super::*;

    fn objection() -> ObjectionId {
        ObjectionId::from_uuid(Uuid::from_u128(70))
    }

    fn raise() -> Command<'static> {
        Command::RaiseObjection {
            objection: objection(),
            row: row_key(),
            on: DAY,
        }
    }

    fn objected() -> Application {
        let mut application = shown();
        act(&mut application, raise(), DAY).expect("shown");
        application
    }

    #[test]
    fn an_open_objection_holds_the_selection_and_a_dismissed_one_releases_it() {
        let mut application = objected();
        let over = date(2020, 6, 1);
        let conclude = || Command::ConcludePublicNotice;
        assert_eq!(act(&mut application, conclude(), over), Ok(Vec::new()));
        let dismissed = Command::ResolveObjection(objection(), ObjectionOutcome::Dismissed);
        act(&mut application, dismissed, over).expect("open");
        assert_eq!(application.state, ApplicationState::InPublicNotice);
        act(&mut application, conclude(), over).expect("released");
        assert_eq!(application.state, ApplicationState::Selected);
    }

    #[test]
    fn an_upheld_objection_sends_the_application_back_to_be_assessed_anew() {
        let mut application = objected();
        let upheld = Command::ResolveObjection(objection(), ObjectionOutcome::Upheld);
        let facts = act(&mut application, upheld, DAY).expect("open");
        assert!(matches!(
            &facts[..],
            [
                Fact::PublicNoticeConcluded { .. },
                Fact::SelectionOverturned { .. }
            ]
        ));
        assert_eq!(application.state, ApplicationState::Submitted);
        assert_eq!(application.assessments, Assessments::default());
        let late = act(&mut application, raise(), DAY);
        assert_eq!(
            late.expect_err("nothing is shown").codes(),
            ["APPLICATION_STATE"]
        );
    }
}
