//! What holds of an application as a whole: which command is let through where, and what no order
//! of commands can bring about.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use kernel::division::DivisionCode;
use kernel::ids::{CityReportId, ObjectionId, ReceiptId, SelectionId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::public_notice::ObjectionOutcome;
use proptest::prelude::*;
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::refusal::words;
use super::samples::{
    DAY, act, ascertained, assessed, check, confirming, delegation, electrician, filed, judgement,
    material, on, opened, organization, panel, proposed, refilled, round, row_key, save, selected,
    shown, visit, weihai,
};
use super::{
    Application, ApplicationState, Ascertained, AssessmentId, Command, Context, Delegation,
    DocumentKind, Fact, FieldPath, HandingIn, Holdings, JudgementSubject, Particulars, Round,
    SavedForm, SiteVisit, Snapshot,
};

/// A number for each thing that can be asked of an application.
const COMMANDS: usize = 20;

/// What commands borrow.
struct Props {
    check: Particulars,
    panel: Particulars,
    visit: Particulars,
    delegation: Delegation,
    snapshot: Snapshot,
    saved: SavedForm,
    corrected: Vec<FieldPath>,
    round: Round,
    holdings: Holdings,
    ascertained: Ascertained,
    passed: bool,
}

fn props(application: &Application, passed: bool, today: Date) -> Props {
    Props {
        check: check(&[passed]),
        panel: panel(&[passed, passed, true]),
        visit: Particulars::SiteVisit(SiteVisit { passed, ..visit() }),
        delegation: delegation(),
        snapshot: application
            .snapshot(&[electrician()], "威海市", "0531-00000000", &on(today))
            .expect("2020 is stored"),
        saved: refilled(application),
        corrected: if passed { vec![path()] } else { Vec::new() },
        round: round(),
        holdings: Holdings::none(organization()),
        ascertained: ascertained(application),
        passed,
    }
}

fn path() -> FieldPath {
    FieldPath::new("work_plan.safeguards".to_owned())
}

fn command(number: usize, props: &Props) -> Command<'_> {
    let uuid = |number| Uuid::from_u128(number);
    let assessment = |number| AssessmentId::from_uuid(uuid(number));
    match number {
        0 => Command::StoreMaterial(material(DocumentKind::CreditReport, 30)),
        1 => Command::Submit(HandingIn {
            round: &props.round,
            holdings: &props.holdings,
            ascertained: &props.ascertained,
        }),
        2 => Command::Return {
            documents: vec![DocumentKind::CreditReport],
            fields: vec![path()],
        },
        3 => Command::RecordAssessment(assessment(31), &props.check, &props.delegation),
        4 => Command::RecordAssessment(assessment(32), &props.panel, &props.delegation),
        5 => Command::RecordAssessment(assessment(33), &props.visit, &props.delegation),
        6 => Command::ProposeSelection {
            granted: vec![electrician()],
            holdings: &props.holdings,
            found: &props.ascertained,
        },
        7 => {
            let (holdings, found) = (&props.holdings, &props.ascertained);
            Command::ConfirmSelection(confirming(&props.snapshot, holdings, found))
        }
        8 => Command::ConcludePublicNotice,
        9 => Command::IssueReceipt {
            receipt: ReceiptId::from_uuid(uuid(5)),
            selection: SelectionId::from_uuid(uuid(3)),
            organization: organization(),
            organization_code: EvaluationOrganizationCode::for_shandong("10", 1)
                .expect("a code of Weihai"),
        },
        10 => Command::Report(CityReportId::from_uuid(uuid(6))),
        11 => save(props.saved.clone(), &props.corrected),
        12 => Command::Withdraw,
        13 => Command::ProposeRejection {
            reason: "条件不符合",
        },
        14 => Command::ConfirmRejection,
        15 => Command::RaiseObjection {
            objection: ObjectionId::from_uuid(uuid(70)),
            row: row_key(),
            on: DAY,
        },
        16 => Command::ResolveObjection(ObjectionId::from_uuid(uuid(70)), ObjectionOutcome::Upheld),
        17 => judgement(JudgementSubject::Funding, 34, props.passed),
        18 => Command::Lapse,
        _ => Command::RemoveMaterial(DocumentKind::CreditReport),
    }
}

/// An application with everything that a later state could need, in each state.
fn in_state(state: ApplicationState) -> Application {
    match state {
        ApplicationState::Draft | ApplicationState::Returned | ApplicationState::Submitted => {
            Application {
                state,
                ..assessed()
            }
        }
        ApplicationState::DecisionProposed => proposed(),
        ApplicationState::InPublicNotice => shown(),
        ApplicationState::Rejected => ended(proposed(), Command::ConfirmRejection),
        ApplicationState::Withdrawn => ended(proposed(), Command::Withdraw),
        ApplicationState::Lapsed => ended(proposed(), Command::Lapse),
        ApplicationState::Selected => selected(),
        ApplicationState::Filed => filed(),
    }
}

fn ended(mut application: Application, command: Command<'_>) -> Application {
    act(&mut application, command, DAY).expect("not over yet");
    application
}

#[test]
fn each_state_lets_its_own_commands_through_and_names_itself_to_all_others() {
    for state in ApplicationState::iter() {
        let allowed: &[usize] = match state {
            ApplicationState::Draft => &[0, 1, 11, 12, 19],
            ApplicationState::Returned => &[0, 1, 11, 12, 18, 19],
            ApplicationState::Submitted => &[2, 3, 4, 5, 6, 12, 13, 17, 18],
            ApplicationState::DecisionProposed => &[2, 3, 4, 5, 6, 7, 12, 13, 14, 17, 18],
            ApplicationState::InPublicNotice => &[8, 12, 15, 18],
            ApplicationState::Selected => &[9, 18],
            ApplicationState::Filed => &[10],
            ApplicationState::Rejected | ApplicationState::Withdrawn | ApplicationState::Lapsed => {
                &[]
            }
        };
        let application = in_state(state);
        let props = props(&application, true, DAY);
        for number in 0..COMMANDS {
            let decided = application.decide(command(number, &props), &on(DAY));
            match decided {
                Ok(_) => assert!(allowed.contains(&number), "{state:?} lets {number} through"),
                Err(refused) => {
                    assert!(
                        !allowed.contains(&number),
                        "{state:?} refuses {number}: {refused}"
                    );
                    // Nobody has objected against what is shown here.
                    let unknown = refused.codes() == ["OBJECTION_UNKNOWN"];
                    assert!(
                        unknown || refused.codes() == ["APPLICATION_STATE"],
                        "{refused}"
                    );
                    assert!(unknown || refused.leading().english.contains(&words(state.name())));
                }
            }
        }
    }
}

#[test]
fn a_centre_assesses_and_decides_what_is_filed_with_it_and_nothing_else() {
    let jinan = DivisionCode::parse("370100").expect("Jinan's code");
    let centres = [
        Some(weihai()),
        Some(jinan),
        Some(DivisionCode::PROVINCE),
        None,
    ];
    for filing_division in [weihai(), DivisionCode::PROVINCE] {
        let application = Application {
            filing_division,
            ..proposed()
        };
        let props = props(&application, true, DAY);
        let of_the_centre = (2..=7).chain([13, 14]);
        for (number, centre) in
            of_the_centre.flat_map(|number| centres.map(|centre| (number, centre)))
        {
            let context = Context { centre, ..on(DAY) };
            match application.decide(command(number, &props), &context) {
                Ok(_) => assert_eq!(centre, Some(filing_division), "{number}"),
                Err(refused) => {
                    assert_ne!(centre, Some(filing_division), "{number}: {refused}");
                    assert_eq!(refused.codes(), ["NOT_FILING_AUTHORITY"]);
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn no_order_of_commands_selects_without_assessment_or_before_the_notice_is_over(
        steps in prop::collection::vec((0..COMMANDS, any::<bool>(), 0_i32..4), 0..60),
        submitted in any::<bool>(),
    ) {
        let start = if submitted { assessed() } else { opened() };
        let (mut application, mut today) = (start.clone(), date(2020, 5, 18));
        let mut history: Vec<Fact> = Vec::new();
        for (number, passed, days) in steps {
            today += days.days();
            let props = props(&application, passed, today);
            let Ok(facts) = application.decide(command(number, &props), &on(today)) else {
                continue;
            };
            application.apply_all(&facts);
            for fact in &facts {
                match fact {
                    Fact::PublicNoticeOpened { .. } => {
                        let kind = application.kind().expect("handed in");
                        for subject in JudgementSubject::required_of(kind) {
                            let counts = application.judgements.of(subject);
                            prop_assert!(counts.is_some_and(|judgement| judgement.met));
                        }
                        let counts = &application.assessments;
                        for assessment in [counts.document_check, counts.expert_panel, counts.site_visit] {
                            prop_assert!(assessment.is_some_and(|assessment| assessment.passed));
                        }
                    }
                    Fact::OrganizationSelected { on, .. } => {
                        let selection = application.selection.as_ref().expect("it was shown");
                        prop_assert!(selection.notice.period().is_over_on(*on));
                    }
                    _ => {}
                }
            }
            history.extend(facts);
        }
        let mut replayed = start;
        replayed.apply_all(&history);
        prop_assert_eq!(replayed, application, "the facts tell the whole story");
    }
}
