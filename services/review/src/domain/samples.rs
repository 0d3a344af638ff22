//! An application on its way, for tests: fictitious bodies, no people.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use kernel::content_hash::ContentHash;
use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::division::DivisionCode;
use kernel::ids::{
    ApplicationId, MaterialId, OrganizationId, PersonId, PublicNoticeId, ReceiptId, RightId,
    RoomId, RoundId, SelectionId, SiteId,
};
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::pilot::Pilot;
use kernel::public_notice::RowKey;
use kernel::rejection::Faults;
use kernel::working_day::Calendar;
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::{
    Affiliation, Applicant, Application, ApplicationState, Ascertained, AssessmentId,
    AssessmentKind, Association, Basis, BodyKind, Catalogued, Command, Conditions, Confirming,
    Context, Delegation, DocumentCheckItem, DocumentKind, ExamDevice, ExamRoom, ExamRoomKind,
    ExamSite, Examiners, ExpertOpinion, Fact, FieldPath, FormId, HandingIn, Held, Holdings,
    Judgement, JudgementId, JudgementSubject, Major, Material, MediaType, MemberUnit,
    OccupationScope, Opening, Particulars, PoolMember, Purpose, RequestedOccupation, Resources,
    Room, Round, SavedForm, SelfEvaluation, SiteFinding, SiteItem, SiteVisit, Snapshot,
    TrainedOccupation, TrainingLevel, required_documents,
};

/// The first business day of the pilot's first round.
pub(crate) const DAY: Date = date(2020, 5, 18);

/// The parameters as they are supplied.
pub(crate) static PILOT: LazyLock<Pilot> = LazyLock::new(Pilot::supplied);

/// A day on which Weihai's centre acts.
pub(crate) fn on(today: Date) -> Context<'static> {
    Context {
        today,
        calendar: Calendar::supplied(),
        pilot: &PILOT,
        centre: Some(weihai()),
    }
}

pub(crate) fn weihai() -> DivisionCode {
    DivisionCode::parse("371000").expect("Weihai's code")
}

pub(crate) fn organization() -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(1))
}

pub(crate) fn application_id() -> ApplicationId {
    ApplicationId::from_uuid(Uuid::from_u128(2))
}

pub(crate) fn scope(code: &str, levels: &[Level]) -> OccupationScope {
    OccupationScope {
        occupation: OccupationRef::parse(&format!("2015:{code}")).expect("a code for this test"),
        trade: String::new(),
        levels: levels.iter().copied().collect(),
    }
}

pub(crate) fn electrician() -> OccupationScope {
    scope("6-31-01-03", &[Level::Five, Level::Four])
}

pub(crate) fn requested(scope: OccupationScope) -> RequestedOccupation {
    RequestedOccupation {
        levels: scope.levels.clone(),
        scope: Some(scope),
        basis: Some(Basis::NationalStandard),
        experience_years: 5,
        persons_evaluated: 800,
        catalogued: Some(Catalogued::Evaluable {
            name: "电工".to_owned(),
            basis: Basis::NationalStandard,
            levels: BTreeSet::new(),
        }),
    }
}

/// A municipal technician college in Weihai.
pub(crate) fn applicant() -> Applicant {
    Applicant {
        name: "威海示例技师学院".to_owned(),
        address: "威海市示例路 1 号".to_owned(),
        registration_authority: "威海市示例登记机关".to_owned(),
        credit_code: UnifiedSocialCreditCode::synthetic("12", "371000", 1),
        kind: BodyKind::TechnicianCollege,
        affiliation: Affiliation::City,
        seat: weihai(),
    }
}

/// What a body of this kind states so that it may apply for what an [`electrician`] does.
pub(crate) fn conditions_of(kind: BodyKind) -> Conditions {
    let occupation = electrician().occupation;
    match kind {
        BodyKind::Enterprise => Conditions::Enterprise(SelfEvaluation {
            number: "示例备〔2019〕1号".to_owned(),
            authority: "威海市示例机关".to_owned(),
            valid_from: date(2019, 7, 1),
            valid_until: date(2022, 6, 30),
            scopes: vec![electrician()],
        }),
        BodyKind::IndustryAssociation => Conditions::IndustryAssociation(Association {
            main_business: "电力行业培训与评价".to_owned(),
            member_units: vec![MemberUnit {
                name: "威海示例电力企业".to_owned(),
                credit_code: UnifiedSocialCreditCode::synthetic("91", "371000", 2),
                member_since: date(2015, 1, 1),
                agreement: "示例协议".to_owned(),
                agreement_until: None,
                capability: "场地与考评员齐备".to_owned(),
                occupations: vec![occupation],
            }],
        }),
        BodyKind::HigherEducation | BodyKind::TechnicianCollege => {
            Conditions::School(vec![major(&[occupation])])
        }
        BodyKind::PrivateTraining => Conditions::PrivateTraining(vec![TrainedOccupation {
            occupation,
            trade: String::new(),
            persons_trained: 900,
        }]),
    }
}

fn major(occupations: &[OccupationRef]) -> Major {
    Major {
        name: "电气自动化设备安装与维修".to_owned(),
        training_level: TrainingLevel::Technician,
        occupations: occupations.to_vec(),
    }
}

/// The first round of Weihai, which requires all assessments.
pub(crate) fn round() -> Round {
    Round {
        id: RoundId::from_uuid(Uuid::from_u128(8)),
        division: weihai(),
        title: "威海市首批".to_owned(),
        hand_in_from: date(2020, 5, 14),
        hand_in_until: None,
        select_by: Some(date(2020, 6, 15)),
        required: AssessmentKind::iter().collect(),
        closed_on: None,
    }
}

/// Of an organisation that has its code and may evaluate these occupations at level five.
pub(crate) fn holder(codes: &[&str]) -> Holdings {
    let held = codes.iter().zip(0..).map(|(code, number)| Held {
        right: RightId::from_uuid(Uuid::from_u128(number)),
        scope: scope(code, &[Level::Five]),
        until: None,
    });
    Holdings {
        filing_division: Some(weihai()),
        organization_code: EvaluationOrganizationCode::for_shandong("10", 1).ok(),
        held: held.collect(),
        ..Holdings::none(organization())
    }
}

/// A first application in Weihai.
pub(crate) fn draft() -> Opening {
    Opening {
        form: FormId::from_uuid(Uuid::from_u128(9)),
        organization: organization(),
        filing_division: weihai(),
        round: round(),
        purpose: Purpose::First,
        drafts: 0,
    }
}

/// The annexes written anew, with the same annex 1.
pub(crate) fn refilled(application: &Application) -> SavedForm {
    SavedForm {
        form: application.form,
        same_annex_one: true,
        round: None,
    }
}

/// Saves them, so that these fields are no longer what they were.
pub(crate) fn save(saved: SavedForm, corrected: &[FieldPath]) -> Command<'static> {
    Command::SaveForm {
        saved,
        corrected: corrected.iter().cloned().collect(),
    }
}

pub(crate) fn opened() -> Application {
    let nothing = Holdings::none(organization());
    let opened = Application::open(application_id(), draft(), &nothing, &on(DAY));
    opened.expect("a good draft").0
}

pub(crate) fn material(document: DocumentKind, number: u128) -> Material {
    Material {
        id: MaterialId::from_uuid(Uuid::from_u128(number)),
        document,
        media_type: MediaType::Pdf,
        size: 9,
        sha256: ContentHash::of_bytes(&number.to_be_bytes()),
        head: (document == DocumentKind::SignedBasicForm).then(|| applicant().digest()),
    }
}

/// Decides, applies, and gives back what happened.
pub(crate) fn act(
    application: &mut Application,
    command: Command<'_>,
    today: Date,
) -> Result<Vec<Fact>, Faults> {
    let facts = application.decide(command, &on(today))?;
    application.apply_all(&facts);
    Ok(facts)
}

/// Just enough to evaluate these occupations in Weihai.
pub(crate) fn ample(scopes: &[OccupationScope]) -> Resources {
    let scopes = || scopes.iter();
    let examiners = scopes().flat_map(|scope| {
        let levels = scope.levels.iter();
        levels.map(|level| Examiners {
            occupation: scope.occupation,
            level: *level,
            people: 3,
        })
    });
    let room = |number, kind, occupations| ExamRoom {
        id: RoomId::from_uuid(Uuid::from_u128(number)),
        kind,
        seats: 40,
        machines: 40,
        devices: ExamDevice::iter().collect(),
        occupations,
    };
    let skills = scopes().map(|scope| scope.occupation).collect();
    Resources {
        on: DAY,
        people: 9,
        full_time_people: 2,
        full_time_managers: 1,
        full_time_staff: 1,
        invigilators: 1,
        supervisors: 1,
        experts: 3,
        examiners: examiners.collect(),
        sites: vec![ExamSite {
            id: SiteId::from_uuid(Uuid::from_u128(60)),
            division: weihai(),
            rooms: vec![
                room(61, ExamRoomKind::Theory, Vec::new()),
                room(62, ExamRoomKind::Skill, skills),
            ],
        }],
        digest: ContentHash::of_bytes(b"entries"),
    }
}

/// What is found out about an application for what an [`electrician`] does, with nothing wrong
/// about it.
pub(crate) fn ascertained(application: &Application) -> Ascertained {
    ascertained_for(application, &[electrician()])
}

/// The same for one of a college that trains for all that it applies for.
pub(crate) fn ascertained_for(
    application: &Application,
    scopes: &[OccupationScope],
) -> Ascertained {
    let trained: Vec<_> = scopes.iter().map(|scope| scope.occupation).collect();
    Ascertained {
        form: application.form,
        faults: None,
        occupations: scopes.iter().cloned().map(requested).collect(),
        conditions: Some(Conditions::School(vec![major(&trained)])),
        pledged: true,
        applicant: Some(applicant()),
        resources: Some(ample(scopes)),
    }
}

/// Hands in to the sample's round, for an organisation that holds nothing.
pub(crate) fn hand_in(application: &mut Application, today: Date) -> Result<Vec<Fact>, Faults> {
    let (round, holdings) = (round(), Holdings::none(application.organization));
    let handing_in = HandingIn {
        round: &round,
        holdings: &holdings,
        ascertained: &ascertained(application),
    };
    act(application, Command::Submit(handing_in), today)
}

/// Gives documents back.
pub(crate) fn give_back(
    application: &mut Application,
    documents: &[DocumentKind],
) -> Result<Vec<Fact>, Faults> {
    let command = Command::Return {
        documents: documents.to_vec(),
        fields: Vec::new(),
    };
    act(application, command, DAY)
}

/// A draft with every document that is required of it.
pub(crate) fn complete() -> Application {
    let mut application = opened();
    let required = required_documents(applicant().kind);
    for (number, alternatives) in (10..).zip(required) {
        let command = Command::StoreMaterial(material(alternatives[0], number));
        act(&mut application, command, DAY).expect("a draft takes materials");
    }
    application
}

pub(crate) fn submitted() -> Application {
    let mut application = complete();
    hand_in(&mut application, DAY).expect("complete");
    application
}

pub(crate) fn opinions(in_favour: &[bool]) -> Vec<ExpertOpinion> {
    let opinion = |(number, in_favour): (usize, &bool)| ExpertOpinion {
        expert_number: format!("E{number}"),
        in_favour: *in_favour,
        opinion: "意见".to_owned(),
    };
    in_favour.iter().enumerate().map(opinion).collect()
}

pub(crate) fn visit() -> SiteVisit {
    SiteVisit {
        photos: Vec::new(),
        visited_on: DAY,
        visitor_numbers: vec!["V1".to_owned(), "V2".to_owned()],
        findings: "符合条件".to_owned(),
        items: SiteItem::iter()
            .map(|item| SiteFinding {
                item,
                in_order: true,
                finding: String::new(),
            })
            .collect(),
        passed: true,
    }
}

/// The visitors of the [`visit`], who have nothing to do with anybody.
pub(crate) fn delegation() -> Delegation {
    let member = |(person, number): (u128, &str)| PoolMember {
        person: PersonId::from_uuid(Uuid::from_u128(person)),
        number: number.to_owned(),
        masked_name: "王*".to_owned(),
        employer_credit_code: String::new(),
        ties: Vec::new(),
    };
    Delegation([(81, "V1"), (82, "V2")].map(member).to_vec())
}

pub(crate) fn panel(in_favour: &[bool]) -> Particulars {
    Particulars::ExpertPanel(opinions(in_favour))
}

pub(crate) fn check(in_order: &[bool]) -> Particulars {
    let document = |alternatives: &'static [DocumentKind]| DocumentCheckItem {
        document: Some(alternatives[0]),
        subject: String::new(),
        in_order: true,
        remark: String::new(),
    };
    let item = |in_order: &bool| DocumentCheckItem {
        document: None,
        subject: "社会信用".to_owned(),
        in_order: *in_order,
        remark: String::new(),
    };
    let documents = required_documents(BodyKind::TechnicianCollege);
    let documents = documents.into_iter().map(document);
    Particulars::DocumentCheck(documents.chain(in_order.iter().map(item)).collect())
}

/// Takes an assessment on record.
pub(crate) fn record(
    application: &mut Application,
    number: u128,
    particulars: &Particulars,
) -> Result<Vec<Fact>, Faults> {
    let id = AssessmentId::from_uuid(Uuid::from_u128(number));
    let delegation = delegation();
    let command = Command::RecordAssessment(id, particulars, &delegation);
    act(application, command, DAY)
}

/// A judgement of a condition.
pub(crate) fn judgement(subject: JudgementSubject, number: u128, met: bool) -> Command<'static> {
    let id = JudgementId::from_uuid(Uuid::from_u128(number));
    Command::RecordJudgement(subject, Judgement { id, met })
}

/// Every condition judged and met.
pub(crate) fn judged(application: &mut Application) -> &mut Application {
    let subjects = JudgementSubject::required_of(applicant().kind);
    for (number, subject) in (50..).zip(subjects) {
        act(application, judgement(subject, number, true), DAY).expect("under assessment");
    }
    application
}

/// Every condition met and all three assessments passed.
pub(crate) fn assessed() -> Application {
    let mut application = submitted();
    judged(&mut application);
    let visit = Particulars::SiteVisit(visit());
    let all = [check(&[true]), panel(&[true, true, false]), visit];
    for (number, particulars) in (1..).zip(&all) {
        record(&mut application, number, particulars).expect("under assessment");
    }
    application
}

pub(crate) fn proposed() -> Application {
    let mut application = assessed();
    propose(&mut application, vec![electrician()]).expect("passed");
    application
}

/// Proposes a selection of an organisation that holds nothing.
pub(crate) fn propose(
    application: &mut Application,
    granted: Vec<OccupationScope>,
) -> Result<Vec<Fact>, Faults> {
    let holdings = &Holdings::none(application.organization);
    let found = &Ascertained {
        applicant: application.applicant.clone(),
        ..ascertained(application)
    };
    let proposing = Command::ProposeSelection {
        granted,
        holdings,
        found,
    };
    act(application, proposing, DAY)
}

/// The confirmation of a selection by a city that has selected nobody else.
pub(crate) fn confirming<'a>(
    snapshot: &'a Snapshot,
    holdings: &'a Holdings,
    found: &'a Ascertained,
) -> Confirming<'a> {
    Confirming {
        selection: SelectionId::from_uuid(Uuid::from_u128(3)),
        notice: PublicNoticeId::from_uuid(Uuid::from_u128(4)),
        granted: vec![electrician()],
        snapshot,
        room: Room {
            holdings,
            quota: None,
        },
        found,
    }
}

/// The row that the notice of the sample shows.
pub(crate) fn row_key() -> RowKey {
    RowKey::parse(&application_id().to_string()).expect("an id is a key")
}

/// In its public notice from [`DAY`] on.
pub(crate) fn shown() -> Application {
    let mut application = proposed();
    let granted = vec![electrician()];
    let snapshot = application
        .snapshot(&granted, "威海市", "0531-00000000", &on(DAY))
        .expect("2020 is stored");
    let holdings = Holdings::none(organization());
    let found = ascertained(&application);
    let command = Command::ConfirmSelection(confirming(&snapshot, &holdings, &found));
    act(&mut application, command, DAY).expect("proposed");
    assert_eq!(application.state, ApplicationState::InPublicNotice);
    application
}

pub(crate) fn selected() -> Application {
    let mut application = shown();
    act(
        &mut application,
        Command::ConcludePublicNotice,
        date(2020, 5, 26),
    )
    .expect("over");
    application
}

pub(crate) fn filed() -> Application {
    let mut application = selected();
    let command = Command::IssueReceipt {
        receipt: ReceiptId::from_uuid(Uuid::from_u128(5)),
        selection: SelectionId::from_uuid(Uuid::from_u128(3)),
        organization: organization(),
        organization_code: EvaluationOrganizationCode::for_shandong("10", 1)
            .expect("a code of Weihai"),
    };
    act(&mut application, command, date(2020, 5, 26)).expect("selected");
    application
}
