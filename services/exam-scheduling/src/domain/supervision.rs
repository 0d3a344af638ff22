//! External quality supervision (外部质量督导, notice 4.2: 督导检查): the centre sends somebody to a
//! session, findings are put down, and what they order is put right and accepted.

use jiff::civil::{Date, DateTime};
use kernel::division::DivisionCode;
use kernel::ids::SessionId;
use kernel::rejection::Faults;
use serde::Serialize;

use super::assignment::{NotAssignable, not_assignable};
use super::fact::Fact;
use super::plan::{Plan, Stage};
use super::rejection::{ConductRejection, SupervisionRejection, VenueRejection};
use super::session::{Session, Staff};

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingState {
    /// It orders nothing.
    Noted,
    /// To be put right.
    Ordered,
    /// Put right, as the organisation says.
    Reported,
    /// Put right, as the centre says too.
    Accepted,
}

impl FindingState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Noted, Self::Ordered, Self::Reported, Self::Accepted];

    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Noted => "noted",
            Self::Ordered => "ordered",
            Self::Reported => "reported",
            Self::Accepted => "accepted",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A finding, as far as decisions go by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// Its number in the session, from 1.
    pub number: u32,
    /// Where it stands.
    pub state: FindingState,
}

/// What the centre says of a rectification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is put right.
    Accepted,
    /// It is not, and has to be by this day.
    Returned(Date),
}

impl Plan {
    /// The session to which a centre sends somebody.
    ///
    /// # Errors
    /// When another centre asks, the plan is not in force, or the session is not one of it or over.
    pub fn to_supervise(
        &self,
        id: SessionId,
        centre: DivisionCode,
        now: DateTime,
    ) -> Result<&Session, Faults> {
        self.must_be_under_way()?.filed_with(centre)?;
        let session = self.session(id)?;
        if session.completed || session.ends() <= now {
            return Err(Faults::at("session_id", &SupervisionRejection::SessionOver));
        }
        Ok(session)
    }

    /// Appoints a supervisor from outside for a session. `sent` says whether the same person is
    /// appointed already, `busy` whether he or she is at another exam.
    ///
    /// # Errors
    /// As [`Plan::to_supervise`], and everything that speaks against the person.
    pub fn appoint(
        &self,
        session: &Session,
        supervisor: &Staff,
        verdict: &Result<(), NotAssignable>,
        (sent, busy): (bool, bool),
    ) -> Result<Fact, Faults> {
        if let Err(refused) = verdict {
            return Err(Faults::at("card_number", &not_assignable(refused)));
        }
        if sent {
            return Err(Faults::at("card_number", &SupervisionRejection::Appointed));
        }
        // Whoever works in the exam does not supervise it.
        let mut own = self.sessions.iter().flat_map(|session| &session.staff);
        if busy || own.any(|staff| staff.card == supervisor.card) {
            return Err(Faults::at("card_number", &VenueRejection::StaffTaken));
        }
        Ok(Fact::SupervisorAppointed {
            session_id: session.id,
            commitment: supervisor.commitment(),
        })
    }

    /// Puts down a finding about a session; with a day it orders rectification. `sent` says whether
    /// the one who finds is a centre's, or was sent there by one.
    ///
    /// # Errors
    /// When nobody was sent, the session has not begun, or the day has passed.
    pub fn record_finding(
        &self,
        id: SessionId,
        rectify_until: Option<Date>,
        (sent, before): (bool, u32),
        now: DateTime,
    ) -> Result<Fact, Faults> {
        if !matches!(self.stage, Stage::Held(..)) {
            self.must_be_under_way()?;
        }
        let session = self.session(id)?;
        if now < session.begins() {
            return Err(Faults::at("session_id", &ConductRejection::early(session)));
        }
        if !sent {
            return Err(Faults::at(
                "session_id",
                &SupervisionRejection::NotAppointed,
            ));
        }
        check_day(rectify_until, now.date())?;
        Ok(Fact::FindingRecorded {
            session_id: id,
            number: before + 1,
            rectify_until,
        })
    }

    /// The organisation says that something is put right.
    ///
    /// # Errors
    /// When there is no such finding, or it does not wait for that.
    pub fn report_rectification(
        &self,
        id: SessionId,
        finding: Option<Finding>,
    ) -> Result<Fact, Faults> {
        let finding = expect(finding, FindingState::Ordered)?;
        Ok(Fact::RectificationReported {
            session_id: id,
            number: finding.number,
        })
    }

    /// The filing centre accepts what was put right, or returns it.
    ///
    /// # Errors
    /// When another centre asks, there is no such finding, or nothing was reported.
    pub fn judge_rectification(
        &self,
        id: SessionId,
        finding: Option<Finding>,
        verdict: Verdict,
        (centre, today): (DivisionCode, Date),
    ) -> Result<Fact, Faults> {
        if let Some(report) = self.report_made() {
            report.filed_with(centre)?;
        }
        let finding = expect(finding, FindingState::Reported)?;
        let rectify_until = match verdict {
            Verdict::Accepted => None,
            Verdict::Returned(day) => Some(day),
        };
        check_day(rectify_until, today)?;
        Ok(Fact::RectificationJudged {
            session_id: id,
            number: finding.number,
            accepted: verdict == Verdict::Accepted,
            rectify_until,
        })
    }
}

fn expect(finding: Option<Finding>, state: FindingState) -> Result<Finding, Faults> {
    let unknown = || Faults::at("finding", &SupervisionRejection::FindingUnknown);
    let finding = finding.ok_or_else(unknown)?;
    if finding.state == state {
        Ok(finding)
    } else {
        Err(Faults::at(
            "finding",
            &SupervisionRejection::FindingElsewhere,
        ))
    }
}

fn check_day(until: Option<Date>, today: Date) -> Result<(), Faults> {
    if until.is_none_or(|until| until > today) {
        Ok(())
    } else {
        Err(Faults::at(
            "rectify_until",
            &SupervisionRejection::DayPassed,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples::{self, EXAM_DAY, LATER};
    use crate::domain::session::StaffRole;

    const AT_NINE: DateTime = EXAM_DAY.at(9, 0, 0, 0);

    fn codes<T: std::fmt::Debug>(refused: Result<T, Faults>) -> Vec<&'static str> {
        refused.expect_err("refused").codes()
    }

    #[test]
    fn the_filing_centre_sends_somebody_from_outside_to_a_session_that_is_not_over() {
        let plan = samples::reported();
        let (session, weihai) = (&plan.sessions[0], samples::weihai());
        let qingdao = DivisionCode::parse("370200").expect("Qingdao");
        let sends = |centre, now| plan.to_supervise(session.id, centre, now);
        assert!(sends(weihai, AT_NINE).is_ok());
        assert_eq!(codes(sends(qingdao, AT_NINE)), ["PLAN_NOT_FILING_CENTRE"]);
        assert_eq!(
            codes(sends(weihai, session.ends())),
            ["SUPERVISION_SESSION_OVER"]
        );

        let outsider = samples::staff(StaffRole::QualitySupervisor, 500);
        let free = (false, false);
        assert!(plan.appoint(session, &outsider, &Ok(()), free).is_ok());
        let again = plan.appoint(session, &outsider, &Ok(()), (true, false));
        assert_eq!(codes(again), ["SUPERVISOR_APPOINTED"]);
        let busy = plan.appoint(session, &outsider, &Ok(()), (false, true));
        assert_eq!(codes(busy), ["PLAN_STAFF_TAKEN"]);
        let own = plan.sessions[1].staff[0].clone();
        let own = plan.appoint(session, &own, &Ok(()), free);
        assert_eq!(codes(own), ["PLAN_STAFF_TAKEN"]);
        let barred = NotAssignable {
            reason: "CARD_EXPIRED".to_owned(),
            zh: "资质证已过期".to_owned(),
            en: "the card has expired".to_owned(),
        };
        let barred = plan.appoint(session, &outsider, &Err(barred), free);
        assert_eq!(codes(barred), ["PLAN_STAFF_NOT_ASSIGNABLE"]);
    }

    #[test]
    fn a_finding_is_of_somebody_sent_and_orders_until_a_day_to_come() {
        let plan = samples::reported();
        let id = plan.sessions[0].id;
        let found = |until, sent, now| plan.record_finding(id, until, (sent, 2), now);
        let fact = found(Some(LATER), true, AT_NINE).expect("a finding");
        assert!(matches!(fact, Fact::FindingRecorded { number: 3, .. }));
        assert!(found(None, true, AT_NINE).is_ok());
        assert_eq!(
            codes(found(None, false, AT_NINE)),
            ["SUPERVISOR_NOT_APPOINTED"]
        );
        let today = Some(EXAM_DAY);
        assert_eq!(
            codes(found(today, true, AT_NINE)),
            ["RECTIFICATION_DAY_PASSED"]
        );
        let before = EXAM_DAY.at(8, 59, 0, 0);
        assert_eq!(codes(found(None, true, before)), ["SESSION_NOT_YET"]);
        let held = samples::held();
        assert!(held.record_finding(id, None, (true, 0), AT_NINE).is_ok());
    }

    #[test]
    fn what_was_ordered_is_reported_then_accepted_or_returned() {
        let plan = samples::reported();
        let id = plan.sessions[0].id;
        let at = |state| Some(Finding { number: 1, state });
        for state in FindingState::ALL {
            assert_eq!(FindingState::from_name(state.name()), Some(state));
            let reported = plan.report_rectification(id, at(state));
            assert_eq!(reported.is_ok(), state == FindingState::Ordered);
            let by = (samples::weihai(), EXAM_DAY);
            let judged = plan.judge_rectification(id, at(state), Verdict::Accepted, by);
            assert_eq!(judged.is_ok(), state == FindingState::Reported);
        }
        let none = plan.report_rectification(id, None);
        assert_eq!(codes(none), ["FINDING_NOT_FOUND"]);
        let noted = plan.report_rectification(id, at(FindingState::Noted));
        assert_eq!(codes(noted), ["FINDING_STANDS_ELSEWHERE"]);
        let by = (samples::weihai(), EXAM_DAY);
        let passed = Verdict::Returned(EXAM_DAY);
        let back = plan.judge_rectification(id, at(FindingState::Reported), passed, by);
        assert_eq!(codes(back), ["RECTIFICATION_DAY_PASSED"]);
    }
}
