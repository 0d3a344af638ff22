//! Who was there, who misbehaved, and what is not recorded.

use super::*;
use crate::domain::samples::{self, AT_THE_END, EXAM_DAY};

const BAN: ConductRules = ConductRules { ban_years: 5 };

fn presence(number: u128) -> Presence {
    Presence {
        candidate_id: samples::candidate_id(number),
        present: true,
    }
}

fn record(plan: &Plan, rows: Vec<Presence>, now: DateTime) -> Result<Fact, Faults> {
    let known = (0..600).map(samples::candidate_id).collect();
    plan.record_attendance(plan.sessions[0].id, rows, &known, now)
}

fn misbehave(
    plan: &Plan,
    at: usize,
    tier: MisconductTier,
    marks: Option<&Marks>,
) -> Result<Fact, Faults> {
    let session = plan.sessions[at].id;
    plan.record_misconduct(
        session,
        samples::candidate_id(1),
        tier,
        marks,
        (AT_THE_END, &BAN),
    )
}

#[test]
fn what_happens_is_recorded_from_the_hour_of_the_session_until_it_is_completed() {
    let mut plan = samples::reported();
    let begins = EXAM_DAY.at(9, 0, 0, 0);
    record(&plan, vec![presence(1)], begins).expect("at its hour");
    record(&plan, vec![presence(1)], AT_THE_END).expect("and after it");
    let marks = Marks::default();
    for early in [
        EXAM_DAY.yesterday().expect("a day before").at(23, 0, 0, 0),
        EXAM_DAY.at(6, 0, 0, 0),
        EXAM_DAY.at(8, 59, 59, 0),
    ] {
        let refused = record(&plan, vec![presence(1)], early).expect_err("before");
        assert_eq!(refused.codes(), ["SESSION_NOT_YET"]);
        assert!(refused.leading().english.contains("2020-06-08 at 09:00"));
        let (session, tier) = (plan.sessions[0].id, MisconductTier::Cheating);
        let candidate = samples::candidate_id(1);
        let refused = plan.record_misconduct(session, candidate, tier, Some(&marks), (early, &BAN));
        assert_eq!(refused.expect_err("before").codes(), ["SESSION_NOT_YET"]);
    }
    plan.sessions[0].completed = true;
    let codes = record(&plan, vec![presence(1)], AT_THE_END)
        .expect_err("over")
        .codes();
    assert_eq!(codes, ["SESSION_COMPLETED"]);
}

#[test]
fn nothing_happens_in_a_plan_that_is_not_under_way() {
    let codes = record(&samples::draft(), vec![presence(1)], AT_THE_END)
        .expect_err("draft")
        .codes();
    assert_eq!(codes, ["PLAN_NOT_REPORTED"]);
    let codes = record(&samples::held(), vec![presence(1)], AT_THE_END)
        .expect_err("held")
        .codes();
    assert_eq!(codes, ["ROSTER_LOCKED"]);
    let marks = Marks::default();
    let locked = misbehave(&samples::held(), 0, MisconductTier::Cheating, Some(&marks));
    assert_eq!(locked.expect_err("held").codes(), ["ROSTER_LOCKED"]);
}

#[test]
fn a_session_of_another_plan_does_not_exist() {
    let plan = samples::reported();
    let foreign = SessionId::from_uuid(uuid::Uuid::from_u128(999));
    let refused = plan.record_attendance(foreign, vec![presence(1)], &HashSet::new(), AT_THE_END);
    assert_eq!(refused.expect_err("foreign").codes(), ["SESSION_NOT_FOUND"]);
}

#[test]
fn every_row_that_is_wrong_is_told() {
    let plan = samples::reported();
    let rows = vec![presence(700), presence(1), presence(701)];
    let codes = record(&plan, rows, AT_THE_END)
        .expect_err("two rows are wrong")
        .codes();
    assert_eq!(codes, ["CANDIDATE_NOT_FOUND"; 2]);
}

#[test]
fn a_call_names_one_to_five_hundred_candidates_once_each() {
    let codes = |rows: Vec<Option<Presence>>| {
        let mut faults = FaultList::default();
        check_call(&rows, &mut faults);
        faults
            .finish()
            .err()
            .map_or(Vec::new(), |told| told.codes())
    };
    let some = |count: u128| (0..count).map(presence).map(Some).collect::<Vec<_>>();
    assert_eq!(codes(Vec::new()), ["ATTENDANCE_CALL_EMPTY"]);
    assert_eq!(codes(some(500)), [""; 0]);
    assert_eq!(codes(some(501)), ["ATTENDANCE_CALL_TOO_LARGE"]);
    let twice = vec![Some(presence(1)), None, Some(presence(1)), None];
    assert_eq!(codes(twice), ["ATTENDANCE_TWICE_IN_CALL"]);
}

#[test]
fn the_gravest_tier_voids_all_parts_and_the_others_their_own() {
    let plan = samples::reported();
    let (theory, skill) = (ExamPart::Theory, ExamPart::Skill);
    for (tier, expected) in [
        (MisconductTier::PartVoid, vec![theory]),
        (MisconductTier::Cheating, vec![theory]),
        (MisconductTier::AllVoid, vec![theory, skill]),
    ] {
        assert_eq!(MisconductTier::from_name(tier.name()), Some(tier));
        let fact = misbehave(&plan, 0, tier, Some(&Marks::default())).expect("under way");
        assert!(matches!(&fact, Fact::MisconductRecorded { void, .. } if *void == expected));
        let marks = Marks {
            misconduct: vec![(plan.sessions[0].id, tier)],
            ..Marks::default()
        };
        let void = |part| plan.attendance(&marks, part) == Some(Attendance::Void);
        assert_eq!(
            [theory, skill]
                .into_iter()
                .filter(|part| void(*part))
                .collect::<Vec<_>>(),
            expected
        );
        let again = misbehave(&plan, 0, tier, Some(&marks)).expect_err("on record");
        assert_eq!(again.codes(), ["MISCONDUCT_RECORDED"]);
    }
    let unknown = misbehave(&plan, 0, MisconductTier::Cheating, None).expect_err("nobody");
    assert_eq!(unknown.codes(), ["CANDIDATE_NOT_FOUND"]);
}

#[test]
fn attendance_in_any_one_session_of_a_part_counts() {
    let mut plan = samples::reported();
    let second = Session {
        id: SessionId::from_uuid(uuid::Uuid::from_u128(77)),
        ..samples::theory()
    };
    plan.sessions.push(second);
    let [first, second] = [plan.sessions[0].id, plan.sessions[2].id];
    let of = |presences: &[(SessionId, bool)]| {
        let marks = Marks {
            presences: presences.to_vec(),
            ..Marks::default()
        };
        plan.attendance(&marks, ExamPart::Theory)
    };
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[(first, false)]), Some(Attendance::Absent));
    assert_eq!(
        of(&[(first, false), (second, true)]),
        Some(Attendance::Present)
    );
    assert_eq!(of(&[(plan.sessions[1].id, true)]), None);
}

#[test]
fn grave_misconduct_excludes_for_the_year_and_the_gravest_for_years() {
    let until = |tier: MisconductTier| tier.banned_until(EXAM_DAY, &BAN);
    assert_eq!(until(MisconductTier::PartVoid), None);
    assert_eq!(until(MisconductTier::Cheating), None);
    assert_eq!(
        until(MisconductTier::AllVoid),
        Some(EXAM_DAY.last_of_year())
    );
    let five_years_later = jiff::civil::date(2025, 6, 8);
    assert_eq!(until(MisconductTier::Banned), Some(five_years_later));
    let plan = samples::reported();
    let theory = plan.sessions[0].id;
    for tier in MisconductTier::ALL {
        assert_eq!(MisconductTier::from_name(tier.name()), Some(tier));
        let void = plan.voided(theory, tier);
        assert_eq!(void.len(), if tier.voids_all() { 2 } else { 1 });
    }
}
