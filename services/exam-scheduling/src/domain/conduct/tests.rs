//! Who was there, who misbehaved, and what is not recorded.

use super::*;
use crate::domain::samples::{self, EXAM_DAY};

fn presence(number: u128) -> Presence {
    Presence {
        candidate_id: samples::candidate_id(number),
        present: true,
    }
}

fn record(plan: &Plan, rows: Vec<Presence>, today: Date) -> Result<Fact, Faults> {
    let known = (0..600).map(samples::candidate_id).collect();
    plan.record_attendance(plan.sessions[0].id, rows, &known, today)
}

fn misbehave(
    plan: &Plan,
    at: usize,
    tier: MisconductTier,
    marks: Option<&Marks>,
) -> Result<Fact, Faults> {
    let session = plan.sessions[at].id;
    plan.record_misconduct(session, samples::candidate_id(1), tier, marks, EXAM_DAY)
}

#[test]
fn attendance_is_recorded_from_the_day_of_the_session_until_it_is_completed() {
    let mut plan = samples::reported();
    record(&plan, vec![presence(1)], EXAM_DAY).expect("on the day");
    record(&plan, vec![presence(1)], samples::LATER).expect("and after it");
    let early = EXAM_DAY.yesterday().expect("a day before");
    let codes = record(&plan, vec![presence(1)], early)
        .expect_err("before")
        .codes();
    assert_eq!(codes, ["SESSION_NOT_YET"]);
    plan.sessions[0].completed = true;
    let codes = record(&plan, vec![presence(1)], EXAM_DAY)
        .expect_err("over")
        .codes();
    assert_eq!(codes, ["SESSION_COMPLETED"]);
}

#[test]
fn nothing_happens_in_a_plan_that_is_not_under_way() {
    let codes = record(&samples::draft(), vec![presence(1)], EXAM_DAY)
        .expect_err("draft")
        .codes();
    assert_eq!(codes, ["PLAN_NOT_REPORTED"]);
    let codes = record(&samples::held(), vec![presence(1)], EXAM_DAY)
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
    let refused = plan.record_attendance(foreign, vec![presence(1)], &HashSet::new(), EXAM_DAY);
    assert_eq!(refused.expect_err("foreign").codes(), ["SESSION_NOT_FOUND"]);
}

#[test]
fn every_row_that_is_wrong_is_told() {
    let plan = samples::reported();
    let rows = vec![presence(1), presence(700), presence(1)];
    let codes = record(&plan, rows, EXAM_DAY)
        .expect_err("two rows are wrong")
        .codes();
    assert_eq!(codes, ["CANDIDATE_NOT_FOUND", "ATTENDANCE_TWICE_IN_CALL"]);
    let codes = record(&plan, Vec::new(), EXAM_DAY)
        .expect_err("empty")
        .codes();
    assert_eq!(codes, ["ATTENDANCE_CALL_EMPTY"]);
    let rows = (0..501).map(presence).collect();
    assert_eq!(
        record(&plan, rows, EXAM_DAY).expect_err("large").codes(),
        ["ATTENDANCE_CALL_TOO_LARGE"]
    );
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
