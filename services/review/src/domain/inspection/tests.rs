//! What is planned, frozen, drawn and recorded; and that nothing but list and seed decides a draw.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use kernel::draw::Seed;
use kernel::ids::PersonId;
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::pilot::Pilot;
use proptest::prelude::*;
use uuid::Uuid;

use super::super::samples::{PILOT, on, weihai};
use super::super::{Context, PoolMember, Tie};
use super::*;

const PLANNED: Date = date(2020, 9, 1);
const FROM: Date = date(2020, 9, 7);
const UNTIL: Date = date(2020, 9, 30);

fn list() -> MatterList {
    let matter = |code: &str| Matter {
        code: code.to_owned(),
        title: "管理办法和收费标准公开情况".to_owned(),
        legal_basis: "鲁人社字〔2020〕50号第六条第（三）项".to_owned(),
    };
    let matters = vec![matter("PJ-01"), matter("PJ-02")];
    MatterList::next(matters, None, PLANNED).0
}

fn wanted() -> Wanted {
    Wanted {
        title: "2020年度双随机检查".to_owned(),
        matter_codes: vec!["PJ-01".to_owned(), "PJ-02".to_owned()],
        from: FROM,
        until: UNTIL,
        whole_province: false,
        share_percent: None,
    }
}

fn seed(number: u8) -> Seed {
    Seed::from_bytes([number; 32])
}

fn plan(wanted: Wanted) -> Result<Inspection, Faults> {
    let id = InspectionId::from_uuid(Uuid::from_u128(1));
    let commitment = seed(1).commitment();
    Inspection::plan(
        id,
        weihai(),
        wanted,
        Some(&list()),
        commitment,
        &on(PLANNED),
    )
    .map(|(inspection, _)| inspection)
}

fn organization(number: usize) -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(u128::try_from(number).expect("small") + 1))
}

fn person(number: usize) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(
        u128::try_from(number).expect("small") + 1_000_000,
    ))
}

fn subjects(count: usize) -> Vec<Subject> {
    let subject = |number| Subject {
        organization: organization(number),
        code: EvaluationOrganizationCode::for_shandong("10", 1).expect("a code of Weihai"),
        name: format!("示例{number}"),
        credit_code: format!("credit {number}"),
        drawn_this_year: 0,
    };
    (0..count).map(subject).collect()
}

fn pool(count: usize) -> Vec<PoolMember> {
    let member = |number| PoolMember {
        person: person(number),
        number: format!("J-{number:03}"),
        masked_name: "王*".to_owned(),
        employer_credit_code: String::new(),
        ties: Vec::new(),
    };
    (0..count).map(member).collect()
}

fn freeze(
    inspection: &mut Inspection,
    subjects: &[Subject],
    pool: &[PoolMember],
) -> Vec<&'static str> {
    match inspection.freeze(subjects, pool, &on(PLANNED)) {
        Ok((frozen, fact)) => {
            inspection.frozen = Some(frozen);
            inspection.apply(&fact);
            Vec::new()
        }
        Err(refused) => refused.codes(),
    }
}

/// A draw of organisations that no other inspection has drawn this year.
fn draw_of(
    inspection: &Inspection,
    seed: Seed,
    context: &Context<'_>,
) -> Result<InspectionFact, Faults> {
    inspection.draw(seed, &since(BTreeMap::new(), &pool(50)), context)
}

fn since(times_drawn: BTreeMap<OrganizationId, u32>, pool: &[PoolMember]) -> Since<'_> {
    Since { times_drawn, pool }
}

fn draw(inspection: &mut Inspection, seed: Seed) {
    let fact = draw_of(inspection, seed, &on(PLANNED)).expect("a draw waits");
    inspection.apply(&fact);
}

/// Six organisations of which half is inspected, drawn of six inspectors.
fn drawn() -> Inspection {
    let share_percent = Some(50);
    let mut inspection = plan(Wanted {
        share_percent,
        ..wanted()
    })
    .expect("a good plan");
    assert_eq!(freeze(&mut inspection, &subjects(6), &pool(6)), [""; 0]);
    draw(&mut inspection, seed(1));
    inspection
}

fn redraw(
    inspection: &mut Inspection,
    organization: OrganizationId,
    person: Option<PersonId>,
) -> Vec<&'static str> {
    let reason = "停业".to_owned();
    let ordered = Redraw {
        organization,
        person,
        reason,
    };
    let number = u8::try_from(inspection.draws.len()).expect("few") + 1;
    match inspection.order_redraw(ordered, seed(number).commitment(), &pool(50), &on(PLANNED)) {
        Ok(fact) => {
            inspection.apply(&fact);
            assert_eq!(inspection.state(), InspectionState::RedrawOrdered);
            draw(inspection, seed(number));
            Vec::new()
        }
        Err(refused) => refused.codes(),
    }
}

fn report(organization: OrganizationId, outcome: Outcome, in_order: bool) -> Report {
    let finding = |code: &str, in_order| MatterFinding {
        code: code.to_owned(),
        in_order,
        remark: String::new(),
    };
    Report {
        organization,
        inspected_on: FROM,
        outcome,
        matters: vec![finding("PJ-01", in_order), finding("PJ-02", true)],
        findings: String::new(),
    }
}

fn record(inspection: &mut Inspection, report: &Report, today: Date) -> Vec<&'static str> {
    match inspection.record(report, &on(today)) {
        Ok((_, fact)) => {
            inspection.apply(&fact);
            Vec::new()
        }
        Err(refused) => refused.codes(),
    }
}

#[test]
fn all_that_is_wrong_with_a_plan_is_told_at_once() {
    let wrong = Wanted {
        matter_codes: vec!["PJ-09".to_owned()],
        from: date(2020, 8, 31),
        until: date(2021, 9, 2),
        whole_province: true,
        share_percent: Some(4),
        ..wanted()
    };
    let refused = plan(wrong).expect_err("five faults");
    let expected = [
        "MATTER_UNKNOWN",
        "INSPECTION_FROM_PAST",
        "INSPECTION_PERIOD",
        "INSPECTION_WHOLE_PROVINCE",
        "INSPECTION_SHARE",
    ];
    assert_eq!(refused.codes(), expected);
    let id = InspectionId::from_uuid(Uuid::from_u128(1));
    let commitment = seed(1).commitment();
    let unlisted = Inspection::plan(id, weihai(), wanted(), None, commitment, &on(PLANNED));
    assert_eq!(
        unlisted.expect_err("no list").codes(),
        ["MATTER_LIST_MISSING"]
    );
    for share in [101, 256, u32::MAX] {
        let share_percent = Some(share);
        let refused = plan(Wanted {
            share_percent,
            ..wanted()
        })
        .expect_err("too much");
        assert_eq!(refused.codes(), ["INSPECTION_SHARE"]);
    }
}

#[test]
fn an_inspection_ends_where_the_calendar_still_knows_the_days() {
    let day = date(9999, 12, 31);
    let beyond = Wanted {
        from: day,
        until: day,
        ..wanted()
    };
    let refused = plan(beyond).expect_err("nobody knows those days");
    assert_eq!(refused.codes(), ["CALENDAR_YEAR_MISSING"]);
}

#[test]
fn a_matter_list_has_plain_codes_and_each_once() {
    for code in ["", "pj-01", "ＰＪ", "PJ 01", &"P".repeat(21)] {
        assert_eq!(
            matter_code(code),
            Err(refusal::MatterRejection::CodeMalformed),
            "{code}"
        );
    }
    let mut faults = kernel::rejection::FaultList::default();
    let code = || Some("PJ-01".to_owned());
    judge_codes(
        &[code(), None, code()],
        |index| index.to_string(),
        &mut faults,
    );
    assert_eq!(
        faults.finish().expect_err("twice").codes(),
        ["MATTER_TWICE"]
    );
    let (second, _) = MatterList::next(list().matters, Some(1), PLANNED);
    assert_eq!(second.edition, 2);
}

#[test]
fn a_list_without_organisations_or_with_too_few_inspectors_is_not_frozen() {
    let mut inspection = plan(wanted()).expect("a good plan");
    assert_eq!(
        freeze(&mut inspection, &[], &pool(2)),
        ["INSPECTION_WITHOUT_ORGANIZATIONS"]
    );
    assert_eq!(
        freeze(&mut inspection, &subjects(2), &pool(1)),
        ["INSPECTORS_TOO_FEW"; 2]
    );
    let mut conflicted = pool(2);
    conflicted[0].employer_credit_code = "credit 1".to_owned();
    assert_eq!(
        freeze(&mut inspection, &subjects(2), &conflicted),
        ["INSPECTORS_TOO_FEW"]
    );
    let often = |mut subject: Subject| {
        subject.drawn_this_year = 2;
        subject
    };
    let often: Vec<_> = subjects(2).into_iter().map(often).collect();
    assert_eq!(
        freeze(&mut inspection, &often, &pool(2)),
        ["INSPECTION_WITHOUT_ORGANIZATIONS"]
    );
    assert_eq!(
        freeze(&mut inspection, &subjects(5_001), &pool(2)),
        ["INSPECTION_LIST_TOO_LONG"]
    );
    assert_eq!(freeze(&mut inspection, &subjects(2), &pool(2)), [""; 0]);
    assert_eq!(
        freeze(&mut inspection, &subjects(2), &pool(2)),
        ["INSPECTION_STATE"]
    );
}

#[test]
fn who_was_drawn_often_enough_this_year_is_left_out_and_said_to_be() {
    let mut inspection = plan(wanted()).expect("a good plan");
    let mut known = subjects(3);
    known[1].drawn_this_year = u32::from(PILOT.inspections_per_year_most);
    assert_eq!(freeze(&mut inspection, &known, &pool(2)), [""; 0]);
    let frozen = inspection.frozen.as_ref().expect("just frozen");
    let lists = frozen.lists();
    assert_eq!((lists.organizations.len(), lists.left_out.len()), (2, 1));
    assert_eq!(lists.left_out[0].organization_id, organization(1));
    let read = Frozen::read(frozen.text().to_owned()).expect("its own words");
    assert_eq!((read.lists(), read.hash()), (lists, frozen.hash()));
}

#[test]
fn nothing_is_drawn_before_the_freeze_or_after_the_period() {
    let mut inspection = plan(wanted()).expect("a good plan");
    let refused = draw_of(&inspection, seed(1), &on(PLANNED)).expect_err("no lists");
    assert_eq!(refused.codes(), ["INSPECTION_STATE"]);
    assert_eq!(freeze(&mut inspection, &subjects(2), &pool(2)), [""; 0]);
    let late = draw_of(&inspection, seed(1), &on(date(2020, 10, 1))).expect_err("over");
    assert_eq!(late.codes(), ["INSPECTION_PERIOD_OVER"]);
    draw_of(&inspection, seed(1), &on(UNTIL)).expect("the last day is in time");
    let cancelled = inspection
        .cancel("重新制定计划".to_owned(), PLANNED)
        .expect("not drawn");
    inspection.apply(&cancelled);
    assert_eq!(inspection.state(), InspectionState::Cancelled);
    let refused = draw_of(&inspection, seed(1), &on(PLANNED)).expect_err("given up");
    assert_eq!(refused.codes(), ["INSPECTION_STATE"]);
    let refused = drawn().cancel(String::new(), PLANNED).expect_err("drawn");
    assert_eq!(refused.codes(), ["INSPECTION_STATE"]);
}

#[test]
fn who_was_drawn_often_enough_since_the_freeze_is_left_out_on_record() {
    let share_percent = Some(100);
    let wanted = || Wanted {
        share_percent,
        ..wanted()
    };
    let mut inspection = plan(wanted()).expect("a good plan");
    assert_eq!(freeze(&mut inspection, &subjects(3), &pool(4)), [""; 0]);
    let most = u32::from(PILOT.inspections_per_year_most);
    let times = BTreeMap::from([(organization(1), most), (organization(2), most - 1)]);
    let fact = inspection.draw(seed(1), &since(times, &pool(4)), &on(PLANNED));
    inspection.apply(&fact.expect("two are left"));
    let inspected = inspection.inspected().into_iter();
    let inspected: BTreeSet<_> = inspected.map(|drawn| drawn.organization).collect();
    assert_eq!(inspected, [organization(0), organization(2)].into());
    let revealed = inspection.draws[0].revealed.as_ref().expect("drawn");
    assert_eq!(revealed.left_out, [organization(1)].into());

    // Of its own organisations none is left out, but nobody takes the place of one.
    let ordered = Redraw {
        organization: organization(0),
        person: None,
        reason: "停业".to_owned(),
    };
    let fact = inspection.order_redraw(ordered, seed(2).commitment(), &pool(50), &on(PLANNED));
    inspection.apply(&fact.expect("one is left on the list"));
    let all = || BTreeMap::from([0, 1, 2].map(|number| (organization(number), most)));
    let fact = inspection.draw(seed(2), &since(all(), &pool(4)), &on(PLANNED));
    inspection.apply(&fact.expect("one fewer"));
    let inspected = inspection.inspected();
    assert_eq!(inspected.len(), 1);
    assert_eq!(inspected[0].organization, organization(2));

    let mut exhausted = plan(wanted()).expect("a good plan");
    assert_eq!(freeze(&mut exhausted, &subjects(3), &pool(4)), [""; 0]);
    let refused = exhausted.draw(seed(1), &since(all(), &pool(4)), &on(PLANNED));
    let codes = refused.expect_err("nobody is left").codes();
    assert_eq!(codes, ["INSPECTION_WITHOUT_ORGANIZATIONS"]);
}

#[test]
fn an_inspector_who_cannot_is_replaced_and_the_other_stays() {
    let mut inspection = drawn();
    let before = inspection.inspected();
    let (first, out) = (before[0].organization, before[0].inspectors[0]);
    assert_eq!(redraw(&mut inspection, first, Some(out)), [""; 0]);
    let after = inspection.inspected();
    assert_eq!(after[1..], before[1..]);
    assert_eq!(after[0].inspectors[0], before[0].inspectors[1]);
    assert_eq!(after[0].inspectors.len(), 2);
    assert!(!after[0].inspectors.contains(&out));
    assert_eq!(
        redraw(&mut inspection, first, Some(out)),
        ["INSPECTION_NOT_ITS_INSPECTOR"]
    );
}

#[test]
fn an_organisation_that_cannot_be_inspected_makes_room_for_another() {
    let mut inspection = drawn();
    let before = inspection.inspected();
    let out = before[1].organization;
    assert_eq!(redraw(&mut inspection, out, None), [""; 0]);
    let after = inspection.inspected();
    assert_eq!(after.len(), 3);
    assert_eq!((&after[0], &after[1]), (&before[0], &before[2]));
    assert!(
        before
            .iter()
            .all(|drawn| drawn.organization != after[2].organization)
    );
    assert_eq!(redraw(&mut inspection, out, None), ["INSPECTION_NOT_DRAWN"]);
}

#[test]
fn redraws_are_few_and_end_with_the_result() {
    let mut inspection = drawn();
    let first = inspection.inspected()[0].organization;
    assert_eq!(
        record(
            &mut inspection,
            &report(first, Outcome::NoProblem, true),
            FROM
        ),
        [""; 0]
    );
    assert_eq!(
        redraw(&mut inspection, first, None),
        ["REDRAW_AFTER_RESULT"]
    );
    for _ in 0..PILOT.inspection_redraws_most {
        let last = inspection.inspected()[2].organization;
        assert_eq!(redraw(&mut inspection, last, None), [""; 0]);
    }
    let last = inspection.inspected()[2].organization;
    assert_eq!(redraw(&mut inspection, last, None), ["REDRAWS_USED_UP"]);

    let mut all = plan(Wanted {
        share_percent: Some(100),
        ..wanted()
    })
    .expect("a good plan");
    assert_eq!(freeze(&mut all, &subjects(1), &pool(2)), [""; 0]);
    draw(&mut all, seed(1));
    assert_eq!(
        redraw(&mut all, organization(0), None),
        ["REDRAW_NOBODY_LEFT"]
    );
    assert_eq!(
        redraw(&mut all, organization(0), Some(person(0))),
        ["REDRAW_NOBODY_LEFT"]
    );
}

#[test]
fn a_result_fits_its_day_its_matters_and_its_outcome() {
    let mut inspection = drawn();
    let id = inspection.inspected()[0].organization;
    let good = report(id, Outcome::NoProblem, true);
    let early = date(2020, 9, 4);
    assert_eq!(
        record(&mut inspection, &good, early),
        ["INSPECTION_NOT_BEGUN"]
    );
    let tomorrow = Report {
        inspected_on: date(2020, 9, 8),
        ..good.clone()
    };
    assert_eq!(record(&mut inspection, &tomorrow, FROM), ["INSPECTION_DAY"]);
    let stranger = report(organization(99), Outcome::NoProblem, true);
    assert_eq!(
        record(&mut inspection, &stranger, FROM),
        ["INSPECTION_NOT_DRAWN"]
    );
    for (outcome, in_order) in [
        (Outcome::NoProblem, false),
        (Outcome::FalseData, true),
        (Outcome::ToldToCorrect, true),
    ] {
        let contradiction = report(id, outcome, in_order);
        let refused = record(&mut inspection, &contradiction, FROM);
        assert_eq!(refused, ["INSPECTION_OUTCOME_CONTRADICTS"], "{outcome:?}");
    }
    let mut others = good.clone();
    others.matters[1].code = "PJ-09".to_owned();
    assert_eq!(
        record(&mut inspection, &others, FROM),
        ["INSPECTION_MATTER_UNKNOWN", "INSPECTION_MATTER_MISSING"]
    );
    let closed = Report {
        matters: Vec::new(),
        ..report(id, Outcome::Unreachable, true)
    };
    assert_eq!(record(&mut inspection, &closed, FROM), [""; 0]);
    assert_eq!(
        record(&mut inspection, &good, FROM),
        ["INSPECTION_RESULT_RECORDED"]
    );
}

#[test]
fn all_results_are_published_together_and_late_ones_are_late() {
    let mut inspection = drawn();
    let ids: Vec<_> = inspection
        .inspected()
        .iter()
        .map(|drawn| drawn.organization)
        .collect();
    for (number, id) in ids.iter().enumerate() {
        let refused = inspection.publish(FROM).expect_err("results are missing");
        assert_eq!(refused.codes(), ["INSPECTION_RESULTS_MISSING"]);
        assert!(inspection.publication_due.is_none());
        let today = if number == 0 { FROM } else { date(2020, 9, 22) };
        let good = report(*id, Outcome::NoProblem, true);
        assert_eq!(record(&mut inspection, &good, today), [""; 0]);
    }
    // Inspected on Monday the 7th, and the tenth working day after it is Monday the 21st.
    assert!(!inspection.results[&ids[0]].is_late());
    assert!(inspection.results[&ids[1]].is_late());
    assert!(inspection.publication_due.is_some());
    let published = inspection.publish(date(2020, 9, 23)).expect("all there");
    inspection.apply(&published);
    assert_eq!(inspection.state(), InspectionState::Published);
    let again = inspection.publish(FROM).expect_err("published");
    assert_eq!(again.codes(), ["INSPECTION_STATE"]);
}

#[test]
fn only_the_centre_that_planned_it_acts() {
    let inspection = drawn();
    inspection.is_of(Some(weihai())).expect("its own");
    for other in [None, Some(DivisionCode::PROVINCE)] {
        let refused = inspection.is_of(other).expect_err("another's");
        assert_eq!(refused.codes(), ["NOT_INSPECTING_CENTRE"]);
    }
}

fn share(percent: u8, least: u16) -> Pilot {
    Pilot {
        inspection_share_percent: percent,
        inspection_least: least,
        ..PILOT.clone()
    }
}

proptest! {
    /// Over pool sizes: the share rounded up and never below the least, two different inspectors
    /// each, none of whom has a conflict, and the same whatever order the lists came in.
    #[test]
    fn a_draw_keeps_the_rules_at_every_size(
        organizations in 1_usize..120,
        inspectors in 4_usize..30,
        percent in 1_u8..=100,
        least in 1_u16..5,
        conflict in 0_usize..120,
        bytes: [u8; 32],
        turned in 0_usize..120,
    ) {
        let pilot = share(percent, least);
        let context = Context { pilot: &pilot, ..on(PLANNED) };
        let id = InspectionId::from_uuid(Uuid::from_u128(1));
        let seed = Seed::from_bytes(bytes);
        let commitment = seed.commitment();
        let list = list();
        let planned = Inspection::plan(id, weihai(), wanted(), Some(&list), commitment, &context);
        let (mut inspection, _) = planned.expect("a good plan");
        let mut subjects = subjects(organizations);
        let mut pool = pool(inspectors);
        let kept_away = organization(conflict % organizations);
        pool[0].ties.push(Tie { organization: kept_away, until: None });
        let other_way_round = inspection.clone();

        let drawn = |mut inspection: Inspection, subjects: &[Subject], pool: &[PoolMember]| {
            let (frozen, _) = inspection.freeze(subjects, pool, &context).expect("enough");
            inspection.frozen = Some(frozen);
            let fact = draw_of(&inspection, seed, &context).expect("a draw waits");
            inspection.apply(&fact);
            inspection.inspected()
        };
        inspection.plan.share_percent = percent;
        let mut turned_round = other_way_round;
        turned_round.plan.share_percent = percent;
        let first = drawn(inspection, &subjects, &pool);

        let exact = (organizations * usize::from(percent)).div_ceil(100);
        let expected = exact.max(least.into()).min(organizations);
        prop_assert_eq!(first.len(), expected);
        let distinct: BTreeSet<_> = first.iter().map(|drawn| drawn.organization).collect();
        prop_assert_eq!(distinct.len(), expected);
        for drawn in &first {
            let both: BTreeSet<_> = drawn.inspectors.iter().collect();
            prop_assert_eq!(both.len(), 2);
            let conflicted = drawn.organization == kept_away && both.contains(&person(0));
            prop_assert!(!conflicted, "an inspector with a conflict was drawn");
        }
        subjects.rotate_left(turned % organizations);
        pool.rotate_left(turned % inspectors);
        prop_assert_eq!(drawn(turned_round, &subjects, &pool), first);
    }
}

#[test]
fn inspectors_who_may_not_serve_any_more_are_passed_over_on_record() {
    let frozen = || {
        let mut inspection = plan(wanted()).expect("a good plan");
        assert_eq!(freeze(&mut inspection, &subjects(3), &pool(4)), [""; 0]);
        inspection
    };
    let mut inspection = frozen();
    let left = &pool(4)[1..];
    let fact = inspection.draw(seed(1), &since(BTreeMap::new(), left), &on(PLANNED));
    inspection.apply(&fact.expect("three are left"));
    for drawn in inspection.inspected() {
        assert_eq!(drawn.inspectors.len(), 2);
        assert!(!inspection.has_inspector(person(0)));
    }
    let revealed = inspection.draws[0].revealed.as_ref().expect("drawn");
    assert_eq!(revealed.unavailable, [person(0)].into());

    let nobody = inspection.order_redraw(
        Redraw {
            organization: inspection.inspected()[0].organization,
            person: Some(inspection.inspected()[0].inspectors[0]),
            reason: "因病".to_owned(),
        },
        seed(2).commitment(),
        &[],
        &on(PLANNED),
    );
    assert_eq!(
        nobody.expect_err("all are gone").codes(),
        ["REDRAW_NOBODY_LEFT"]
    );

    // Each organisation that might be drawn is named, so that nothing is said of the draw.
    let refused = frozen().draw(seed(1), &since(BTreeMap::new(), &pool(1)), &on(PLANNED));
    let codes = refused.expect_err("one is not two").codes();
    assert_eq!(codes, ["INSPECTORS_TOO_FEW"; 3]);
}

#[test]
fn only_who_was_drawn_for_an_organization_inspects_it() {
    let inspection = drawn();
    let inspected = inspection.inspected();
    let (its, who) = (inspected[0].organization, inspected[0].inspectors[0]);
    assert_eq!(inspection.is_inspected_by(its, who), Ok(()));
    for drawn in inspected {
        for candidate in (0..6).map(person) {
            let asked = inspection.is_inspected_by(drawn.organization, candidate);
            let own = drawn.inspectors.contains(&candidate);
            assert_eq!(asked.is_ok(), own);
        }
    }
}

fn order(
    inspection: &mut Inspection,
    organization: OrganizationId,
    person: Option<PersonId>,
    pool: &[PoolMember],
) -> Vec<&'static str> {
    let reason = "因病".to_owned();
    let ordered = Redraw {
        organization,
        person,
        reason,
    };
    match inspection.order_redraw(ordered, seed(2).commitment(), pool, &on(PLANNED)) {
        Ok(fact) => {
            inspection.apply(&fact);
            Vec::new()
        }
        Err(refused) => refused.codes(),
    }
}

/// Two organisations, of which one is drawn; so many inspectors, of whom the first two have an
/// interest in the other one.
fn one_of_two(inspectors: usize) -> (Inspection, OrganizationId) {
    for drawn in 0..2 {
        let mut pool = pool(inspectors);
        for member in &mut pool[..2] {
            member.employer_credit_code = format!("credit {}", 1 - drawn);
        }
        let mut inspection = plan(wanted()).expect("a good plan");
        assert_eq!(freeze(&mut inspection, &subjects(2), &pool), [""; 0]);
        draw(&mut inspection, seed(1));
        if inspection.inspected()[0].organization == organization(drawn) {
            return (inspection, organization(drawn));
        }
    }
    panic!("one of the two is drawn")
}

#[test]
fn a_redraw_leaves_nobody_with_fewer_inspectors() {
    let (mut inspection, first) = one_of_two(4);
    assert_eq!(inspection.inspected().len(), 1);
    // Who could inspect the other one is gone.
    let refused = order(&mut inspection, first, None, &pool(2));
    assert_eq!(refused, ["REDRAW_NOBODY_LEFT"]);
    assert_eq!(
        order(&mut inspection, first, None, &pool(3)),
        ["REDRAW_NOBODY_LEFT"]
    );
    assert_eq!(order(&mut inspection, first, None, &pool(4)), [""; 0]);
    let fact = inspection.draw(seed(2), &since(BTreeMap::new(), &pool(3)), &on(PLANNED));
    inspection.apply(&fact.expect("one organisation fewer"));
    assert!(inspection.inspected().is_empty());
    let revealed = inspection.draws[1].revealed.as_ref().expect("drawn");
    assert_eq!(revealed.left_out.len(), 1);
    assert!(!revealed.left_out.contains(&first));
}

#[test]
fn an_inspector_is_replaced_by_another_or_the_organisation_falls_out() {
    let mut inspection = plan(wanted()).expect("a good plan");
    assert_eq!(freeze(&mut inspection, &subjects(2), &pool(3)), [""; 0]);
    draw(&mut inspection, seed(1));
    let drawn = inspection.inspected()[0].clone();
    let (first, out) = (drawn.organization, drawn.inspectors[0]);
    let both = |inspection: &Inspection| -> Vec<PoolMember> {
        let inspectors = inspection.inspected()[0].inspectors.clone();
        let pool = pool(3).into_iter();
        pool.filter(|member| inspectors.contains(&member.person))
            .collect()
    };
    let without_third = both(&inspection);
    assert_eq!(order(&mut inspection, first, Some(out), &pool(3)), [""; 0]);
    let nobody = since(BTreeMap::new(), &without_third);
    let refused = inspection.draw(seed(2), &nobody, &on(PLANNED));
    assert_eq!(
        refused.expect_err("the third is gone").codes(),
        ["REDRAW_NOBODY_LEFT"]
    );
    // Somebody is left, so the redraw that was ordered is made.
    for asked in [Some(out), None] {
        let refused = order(&mut inspection, first, asked, &pool(3));
        assert_eq!(refused, ["INSPECTION_STATE"]);
    }
    let mut back = inspection.clone();
    let fact = back.draw(seed(2), &since(BTreeMap::new(), &pool(3)), &on(PLANNED));
    back.apply(&fact.expect("the third is back"));
    assert_eq!(back.inspected()[0].inspectors.len(), 2);

    assert_eq!(order(&mut inspection, first, None, &without_third), [""; 0]);
    draw(&mut inspection, seed(2));
    assert_eq!(inspection.draws.len(), 3);
    let inspected = inspection.inspected();
    assert_eq!(inspected.len(), 1);
    assert_ne!(inspected[0].organization, first);
    assert_eq!(inspected[0].inspectors.len(), 2);
}

#[test]
fn a_redraw_that_finds_nobody_else_is_the_last_result_that_was_missing() {
    let share_percent = Some(100);
    let mut inspection = plan(Wanted {
        share_percent,
        ..wanted()
    })
    .expect("a good plan");
    assert_eq!(freeze(&mut inspection, &subjects(3), &pool(4)), [""; 0]);
    let most = u32::from(PILOT.inspections_per_year_most);
    let often = || BTreeMap::from([(organization(2), most)]);
    let fact = inspection.draw(seed(1), &since(often(), &pool(4)), &on(PLANNED));
    inspection.apply(&fact.expect("two are left"));
    let no_problem = report(organization(0), Outcome::NoProblem, true);
    assert_eq!(record(&mut inspection, &no_problem, FROM), [""; 0]);
    assert_eq!(inspection.publication_due, None);
    assert_eq!(
        order(&mut inspection, organization(1), None, &pool(4)),
        [""; 0]
    );
    let fact = inspection.draw(seed(2), &since(often(), &pool(4)), &on(FROM));
    inspection.apply(&fact.expect("one fewer"));
    assert!(inspection.publication_due.is_some());
    assert!(inspection.publish(FROM).is_ok());
}
