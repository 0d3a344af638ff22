//! The end of a session, and of the plan with its last one.
//!
//! Every candidate takes every part. Where a part has several sessions, nobody plans who sits in
//! which; so what is asked for at the end of a part's last session is that every candidate is
//! accounted for in that part: present in one of its sessions, absent, or void.
//!
//! When all sessions are held the roster is locked: its digest is told, and from then on nothing
//! of it changes. The digest is SHA-256 over the entries in order of ticket numbers in the
//! encoding of [`canonical`](super::canonical), beginning with `luban.exam.roster.v1` and the
//! number of entries. Of each entry: candidate id, ticket number, subject, commitment to the
//! person, number of parts, and for each part (theory, skill, review) its name and what happened.
//! Whoever reads the roster has all of this, so anybody can compute the digest again.

use jiff::civil::DateTime;
use kernel::content_hash::ContentHash;
use kernel::ids::SessionId;
use kernel::rejection::Faults;

use super::canonical::Canonical;
use super::conduct::{Attendance, hour};
use super::fact::Fact;
use super::plan::Plan;
use super::rejection::{ConductRejection, RunningRejection};
use super::roster::Candidate;
use super::session::ExamPart;

impl Plan {
    /// Completes a session; the last one locks the roster. `roster` is all of it, in order of
    /// ticket numbers.
    ///
    /// # Errors
    /// When the plan is not under way, the session is not over or is completed, or somebody is
    /// unaccounted for at the end of a part.
    pub fn complete_session(
        &self,
        id: SessionId,
        roster: &[Candidate],
        now: DateTime,
    ) -> Result<Vec<Fact>, Faults> {
        let session = self.open_session(id, now)?;
        if now < session.ends() {
            let not_over = ConductRejection::NotOver {
                day: session.held_on,
                hour: hour(session.ends_at),
            };
            return Err(Faults::at("session_id", &not_over));
        }
        if !session.prepared {
            return Err(Faults::at("session_id", &RunningRejection::NotPrepared));
        }
        let part = session.part;
        let mut others = self.sessions.iter().filter(|session| session.id != id);
        if self
            .sessions_of(part)
            .all(|session| session.id == id || session.completed)
        {
            self.all_accounted_for(part, roster)?;
        }
        let recorded = roster
            .iter()
            .flat_map(|candidate| &candidate.marks.presences);
        let (mut present, mut absent) = (0, 0);
        for (_, came) in recorded.filter(|(session, _)| *session == id) {
            *(if *came { &mut present } else { &mut absent }) += 1;
        }
        let mut facts = vec![Fact::SessionHeld {
            session_id: id,
            held_on: session.held_on,
            present,
            absent,
        }];
        if others.all(|session| session.completed) {
            let roster_digest = self.digest_of(roster);
            facts.push(Fact::RosterLocked {
                entries: self.candidates,
                roster_digest,
            });
        }
        Ok(facts)
    }

    fn all_accounted_for(&self, part: ExamPart, roster: &[Candidate]) -> Result<(), Faults> {
        let unaccounted =
            |candidate: &&Candidate| self.attendance(&candidate.marks, part).is_none();
        match roster.iter().filter(unaccounted).count() {
            0 => Ok(()),
            missing => {
                let fault = ConductRejection::AttendanceMissing { part, missing };
                Err(Faults::at("session_id", &fault))
            }
        }
    }

    /// What happened to a candidate, part by part, as far as it is recorded.
    pub fn outcome(&self, candidate: &Candidate) -> Vec<(ExamPart, Attendance)> {
        let of = |part| Some((part, self.attendance(&candidate.marks, part)?));
        self.parts().into_iter().filter_map(of).collect()
    }

    /// Digest over a roster in order of ticket numbers.
    pub fn digest_of(&self, roster: &[Candidate]) -> ContentHash {
        let mut canonical = Canonical::of("luban.exam.roster.v1");
        canonical.value(roster.len());
        for candidate in roster {
            let outcome = self.outcome(candidate);
            canonical
                .value(candidate.id)
                .value(&candidate.ticket)
                .value(candidate.subject)
                .bytes(candidate.commitment.as_bytes())
                .value(outcome.len());
            for (part, attendance) in outcome {
                canonical.text(part.name()).text(attendance.name());
            }
        }
        canonical.hash()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::conduct::{Marks, MisconductTier};
    use crate::domain::plan::Stage;
    use crate::domain::samples::{self, AT_THE_END, EXAM_DAY};
    use crate::domain::session::Session;

    /// The plan's two candidates: both came to the first session.
    fn after_theory(plan: &Plan) -> Vec<Candidate> {
        let came = Marks {
            presences: vec![(plan.sessions[0].id, true)],
            ..Marks::default()
        };
        (0..2)
            .map(|number| Candidate {
                marks: came.clone(),
                ..samples::candidate(number)
            })
            .collect()
    }

    fn complete(plan: &mut Plan, at: usize, roster: &[Candidate]) -> Result<Vec<Fact>, Faults> {
        let facts = plan.complete_session(plan.sessions[at].id, roster, AT_THE_END)?;
        for fact in &facts {
            plan.apply(fact);
        }
        Ok(facts)
    }

    #[test]
    fn the_last_session_locks_the_roster() {
        let mut plan = samples::reported();
        let mut roster = after_theory(&plan);
        let facts = complete(&mut plan, 0, &roster).expect("all were there");
        assert!(matches!(
            facts[..],
            [Fact::SessionHeld {
                present: 2,
                absent: 0,
                ..
            }]
        ));

        roster[0].marks.presences.push((plan.sessions[1].id, false));
        roster[1]
            .marks
            .misconduct
            .push((plan.sessions[1].id, MisconductTier::AllVoid));
        let facts = complete(&mut plan, 1, &roster).expect("one absent, one void");
        let digest = plan.digest_of(&roster);
        assert!(matches!(
            facts[0],
            Fact::SessionHeld {
                present: 0,
                absent: 1,
                ..
            }
        ));
        assert_eq!(
            facts[1],
            Fact::RosterLocked {
                entries: 2,
                roster_digest: digest
            }
        );
        assert_eq!(plan.roster_digest(), Some(digest));
        assert!(matches!(plan.stage, Stage::Held(..)));
        assert_eq!(
            plan.outcome(&roster[1]),
            [
                (ExamPart::Theory, Attendance::Void),
                (ExamPart::Skill, Attendance::Void)
            ]
        );
    }

    #[test]
    fn a_part_does_not_end_while_somebody_is_unaccounted_for() {
        let mut plan = samples::reported();
        let mut roster = after_theory(&plan);
        roster[1].marks = Marks::default();
        let faults = complete(&mut plan, 0, &roster).expect_err("one is missing");
        assert_eq!(faults.codes(), ["SESSION_ATTENDANCE_MISSING"]);
        assert!(faults.leading().english.contains("1 candidates"));
    }

    #[test]
    fn only_the_last_of_several_sessions_of_a_part_asks_for_everybody() {
        let mut plan = samples::reported();
        let id = SessionId::from_uuid(uuid::Uuid::from_u128(77));
        plan.sessions.push(Session {
            id,
            ..samples::theory()
        });
        let mut roster = after_theory(&plan);
        roster[1].marks = Marks {
            presences: vec![(id, true)],
            ..Marks::default()
        };
        let facts = complete(&mut plan, 0, &roster).expect("another theory session is to come");
        assert!(matches!(
            facts[..],
            [Fact::SessionHeld {
                present: 1,
                absent: 0,
                ..
            }]
        ));
        complete(&mut plan, 2, &roster).expect("now all are accounted for");
    }

    #[test]
    fn a_session_is_completed_once_and_not_before_it_is_over() {
        let mut plan = samples::reported();
        let roster = after_theory(&plan);
        let yesterday = EXAM_DAY.yesterday().expect("a day before");
        for (now, code) in [
            (yesterday.at(23, 0, 0, 0), "SESSION_NOT_YET"),
            (EXAM_DAY.at(8, 59, 59, 0), "SESSION_NOT_YET"),
            (EXAM_DAY.at(9, 0, 0, 0), "SESSION_NOT_OVER"),
            (EXAM_DAY.at(10, 29, 59, 0), "SESSION_NOT_OVER"),
        ] {
            let refused = plan.complete_session(plan.sessions[0].id, &roster, now);
            assert_eq!(refused.expect_err("early").codes(), [code], "{now}");
        }
        let on_the_minute = EXAM_DAY.at(10, 30, 0, 0);
        let held = plan.complete_session(plan.sessions[0].id, &roster, on_the_minute);
        held.expect("it is over");
        complete(&mut plan, 0, &roster).expect("on its day");
        let again = complete(&mut plan, 0, &roster).expect_err("completed");
        assert_eq!(again.codes(), ["SESSION_COMPLETED"]);
    }

    proptest! {
        #[test]
        fn no_two_different_rosters_share_a_digest(
            one in prop::collection::vec((any::<bool>(), 0_u32..2, 0_u128..3), 0..4),
            other in prop::collection::vec((any::<bool>(), 0_u32..2, 0_u128..3), 0..4),
        ) {
            let plan = samples::reported();
            let digest = |rows: &[(bool, u32, u128)]| {
                let row = |&(came, subject, number): &(bool, u32, u128)| {
                    let presences = vec![(plan.sessions[0].id, came)];
                    let marks = Marks { presences, ..Marks::default() };
                    Candidate { subject, marks, ..samples::candidate(number) }
                };
                plan.digest_of(&rows.iter().map(row).collect::<Vec<_>>())
            };
            prop_assert_eq!(digest(&one) == digest(&other), one == other);
        }
    }
}
