//! Seats (编排考场): every candidate of a reported plan is given one session of each part, and a
//! seat in it.
//!
//! Candidates take seats in order of their ticket numbers, which are drawn at random, subject by
//! subject, so that those of one subject sit together. Nobody is given two sessions that overlap;
//! where the first free seat would do that, others move, and only when there is no way at all is
//! the plan told so.

use std::collections::HashSet;

use jiff::civil::DateTime;
use kernel::content_hash::ContentHash;
use kernel::ids::{CandidateId, SessionId};
use kernel::rejection::Faults;

use super::canonical::Canonical;
use super::fact::Fact;
use super::plan::Plan;
use super::rejection::ConductRejection;
use super::roster::Candidate;
use super::session::Session;

kernel::rejections! {
    /// Why seats are not assigned.
    pub enum SeatingRejection {
        /// People are on their way.
        Begun => "SEATING_BEGUN", FailedPrecondition, "notice 4.2",
            "考核已开始，不能再编排考场", "the exam has begun, seats stay as they are";
        /// Too few seats at hours that people can make.
        Impossible { part: super::session::ExamPart } => "SEATING_IMPOSSIBLE", FailedPrecondition, "notice 4.2",
            "{part:#}的场次不足以让每名考生时间不冲突地就座",
            "the sessions of the part {part} do not seat every candidate at hours that do not overlap";
        /// Nobody has a seat yet.
        NotSeated => "SEATING_MISSING", FailedPrecondition, "notice 4.2",
            "尚未编排考场", "seats are not assigned yet";
        /// Not a token from an earlier page.
        PageToken => "SEATING_PAGE_TOKEN", InvalidArgument, "platform",
            "翻页标记无效", "the page token is not one of ours";
    }
}

/// A seat of a candidate in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// `cand_…`
    pub candidate: CandidateId,
    /// `ses_…`
    pub session: SessionId,
    /// Number of the seat, from 1.
    pub number: u32,
}

impl Plan {
    /// Assigns seats to a roster, in place of those that were assigned before.
    ///
    /// # Errors
    /// When the plan is not reported, its exam has begun, or there is no way to seat everybody.
    pub fn assign_seats(
        &self,
        roster: &[Candidate],
        now: DateTime,
    ) -> Result<(Vec<Seat>, Fact), Faults> {
        self.must_be_under_way()?;
        let begun = self.sessions.iter().any(|session| session.begins() <= now);
        if begun {
            return Err(SeatingRejection::Begun.into());
        }
        if roster.is_empty() {
            return Err(ConductRejection::CandidateUnknown.into());
        }
        let mut order: Vec<_> = roster.iter().collect();
        order.sort_by_key(|candidate| (candidate.subject, &candidate.ticket));
        let mut given: Vec<Vec<&Session>> = vec![Vec::new(); order.len()];
        let mut seats = Vec::new();
        for part in self.parts() {
            let sessions: Vec<_> = self.sessions_of(part).collect();
            let places = Placing::new(&sessions, &given).place();
            let places =
                places.ok_or_else(|| Faults::from(SeatingRejection::Impossible { part }))?;
            let mut next = vec![0; sessions.len()];
            for ((candidate, place), given) in order.iter().zip(places).zip(&mut given) {
                next[place] += 1;
                given.push(sessions[place]);
                seats.push(Seat {
                    candidate: candidate.id,
                    session: sessions[place].id,
                    number: next[place],
                });
            }
        }
        let fact = Fact::SeatsAssigned {
            candidates: self.candidates,
            seating_digest: digest(&seats),
        };
        Ok((seats, fact))
    }
}

/// Candidates being placed in the sessions of a part: a matching that grows by one candidate at a
/// time, along a path on which others move.
struct Placing<'a> {
    sessions: &'a [&'a Session],
    /// What each candidate has already.
    given: &'a [Vec<&'a Session>],
    /// Candidates of each session.
    placed: Vec<Vec<usize>>,
}

impl<'a> Placing<'a> {
    fn new(sessions: &'a [&'a Session], given: &'a [Vec<&'a Session>]) -> Self {
        Self {
            sessions,
            given,
            placed: vec![Vec::new(); sessions.len()],
        }
    }

    /// The session of each candidate, if all can be placed.
    fn place(mut self) -> Option<Vec<usize>> {
        for candidate in 0..self.given.len() {
            if !self.seat(candidate, &mut HashSet::new()) {
                return None;
            }
        }
        let mut places = vec![0; self.given.len()];
        for (session, candidates) in self.placed.iter().enumerate() {
            for candidate in candidates {
                places[*candidate] = session;
            }
        }
        Some(places)
    }

    /// Seats a candidate, and moves others for that where it must.
    fn seat(&mut self, candidate: usize, tried: &mut HashSet<usize>) -> bool {
        let open = (0..self.sessions.len()).filter(|&session| self.can_make(candidate, session));
        let open: Vec<_> = open.collect();
        let free = |session: &&usize| self.placed[**session].len() < self.seats(**session);
        if let Some(&session) = open.iter().find(free) {
            self.placed[session].push(candidate);
            return true;
        }
        for session in open {
            if !tried.insert(session) {
                continue;
            }
            for position in 0..self.placed[session].len() {
                let other = self.placed[session][position];
                if self.seat(other, tried) {
                    self.placed[session][position] = candidate;
                    return true;
                }
            }
        }
        false
    }

    fn can_make(&self, candidate: usize, session: usize) -> bool {
        let given = &self.given[candidate];
        !given
            .iter()
            .any(|given| given.overlaps(self.sessions[session]))
    }

    fn seats(&self, session: usize) -> usize {
        self.sessions[session].seats as usize
    }
}

fn digest(seats: &[Seat]) -> ContentHash {
    let mut canonical = Canonical::of("luban.exam.seating.v1");
    canonical.value(seats.len());
    for seat in seats {
        canonical
            .value(seat.candidate)
            .value(seat.session)
            .value(seat.number);
    }
    canonical.hash()
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::samples;
    use crate::domain::session::ExamPart;

    const BEFORE: DateTime = samples::EXAM_DAY.at(8, 59, 0, 0);

    fn roster(count: u128) -> Vec<Candidate> {
        let candidate = |number| Candidate {
            subject: u32::try_from(number % 2).expect("a small number"),
            ..samples::candidate(number)
        };
        (0..count).map(candidate).collect()
    }

    /// A plan with sessions of either part at these hours, each with so many seats.
    fn plan(theory: &[(i8, u32)], skill: &[(i8, u32)]) -> Plan {
        let session = |part, number: usize, (hour, seats): (i8, u32)| Session {
            id: samples::session_id(100 * part as u128 + number as u128),
            part,
            starts_at: time(hour, 0, 0, 0),
            ends_at: time(hour + 2, 0, 0, 0),
            seats,
            ..samples::theory()
        };
        let of = |part, hours: &[(i8, u32)]| {
            let numbered = hours.iter().enumerate();
            let sessions = numbered.map(|(number, at)| session(part, number, *at));
            sessions.collect::<Vec<_>>()
        };
        let mut plan = samples::reported();
        plan.sessions = of(ExamPart::Theory, theory);
        plan.sessions.extend(of(ExamPart::Skill, skill));
        plan
    }

    /// Whether everybody has one seat a part, nobody two at a time, and no seat two people.
    fn is_right(plan: &Plan, roster: &[Candidate], seats: &[Seat]) -> bool {
        let session = |id| plan.sessions.iter().find(|session| session.id == id);
        let taken: HashSet<_> = seats
            .iter()
            .map(|seat| (seat.session, seat.number))
            .collect();
        let in_room = |seat: &Seat| {
            let session = session(seat.session).expect("of the plan");
            (1..=session.seats).contains(&seat.number)
        };
        let seated = |candidate: &Candidate| {
            let own: Vec<_> = seats
                .iter()
                .filter(|seat| seat.candidate == candidate.id)
                .filter_map(|seat| session(seat.session))
                .collect();
            let parts: Vec<_> = own.iter().map(|session| session.part).collect();
            parts == plan.parts() && !own[0].overlaps(own[1])
        };
        taken.len() == seats.len() && seats.iter().all(in_room) && roster.iter().all(seated)
    }

    #[test]
    fn everybody_has_a_seat_of_each_part_and_those_of_a_subject_sit_together() {
        let plan = plan(&[(9, 3), (9, 3)], &[(14, 6)]);
        let roster = roster(6);
        let (seats, fact) = plan.assign_seats(&roster, BEFORE).expect("enough seats");
        assert!(is_right(&plan, &roster, &seats));
        for seat in &seats[..6] {
            let candidate = roster.iter().find(|one| one.id == seat.candidate);
            let subject = candidate.expect("on the roster").subject;
            assert_eq!(seat.session, plan.sessions[subject as usize].id);
        }
        let again = plan.assign_seats(&roster, BEFORE).expect("as before");
        assert_eq!((seats, fact), again, "the same roster, the same seats");
    }

    #[test]
    fn others_move_where_hours_overlap_and_only_what_cannot_be_is_refused() {
        // Whoever has theory at nine must have skill at two, and the other way round.
        let crossed = plan(&[(9, 2), (14, 2)], &[(9, 2), (14, 2)]);
        let (seats, _) = crossed.assign_seats(&roster(4), BEFORE).expect("crossed");
        assert!(is_right(&crossed, &roster(4), &seats));
        let same_hours = plan(&[(9, 4)], &[(10, 4)]);
        let refused = same_hours.assign_seats(&roster(4), BEFORE);
        assert_eq!(
            refused.expect_err("at once").codes(),
            ["SEATING_IMPOSSIBLE"]
        );
        let short = plan(&[(9, 3)], &[(14, 4)]);
        let refused = short.assign_seats(&roster(4), BEFORE);
        assert_eq!(
            refused.expect_err("three seats").codes(),
            ["SEATING_IMPOSSIBLE"]
        );
    }

    #[test]
    fn seats_are_assigned_between_the_report_and_the_first_session() {
        let refused = samples::draft().assign_seats(&roster(2), BEFORE);
        assert_eq!(refused.expect_err("a draft").codes(), ["PLAN_NOT_REPORTED"]);
        let begun = samples::EXAM_DAY.at(9, 0, 0, 0);
        let refused = samples::reported().assign_seats(&roster(2), begun);
        assert_eq!(refused.expect_err("at nine").codes(), ["SEATING_BEGUN"]);
        let refused = samples::held().assign_seats(&roster(2), begun);
        assert_eq!(refused.expect_err("held").codes(), ["ROSTER_LOCKED"]);
    }

    proptest! {
        #[test]
        fn whatever_the_sessions_what_is_assigned_is_right(
            theory in prop::collection::vec((8_i8..18, 1_u32..6), 1..4),
            skill in prop::collection::vec((8_i8..18, 1_u32..6), 1..4),
            count in 1_u128..10,
        ) {
            let plan = plan(&theory, &skill);
            let roster = roster(count);
            if let Ok((seats, _)) = plan.assign_seats(&roster, BEFORE.saturating_sub(jiff::Span::new().hours(2))) {
                prop_assert!(is_right(&plan, &roster, &seats));
            }
        }
    }
}
