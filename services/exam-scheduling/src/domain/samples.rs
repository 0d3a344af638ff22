//! A plan for the tests: a college in Weihai examines two levels of one occupation on a Monday,
//! theory in the morning and skill in the afternoon. Everybody in it is synthetic.

use jiff::civil::{Date, DateTime, Time, date, time};
use kernel::card_number::CardNumber;
use kernel::citizen_id::CitizenId;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::identity_document::Document;
use kernel::ids::{CandidateId, OrganizationId, PlanId, ReceiptId, RoomId, SessionId};
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::person_name::PersonName;
use kernel::rejection::FaultList;
use kernel::working_day::Calendar;
use uuid::Uuid;

use super::avoidance::Avoidance;
use super::canonical::Salt;
use super::conduct::Marks;
use super::eligibility::claim::{CandidateGroup, Claim};
use super::plan::{Plan, Report, Stage, Subject};
use super::roster::{Applicant, Candidate, TicketNumber};
use super::rules::{CandidateRules, ConductRules, CountedUntil, PlanRules, Rules, Strictness};
use super::session::{ExamPart, Session, Staff, StaffRole};
use super::staffing::StaffingRules;
use super::venue::RegisteredRoom;

pub(super) const EXAM_DAY: Date = date(2020, 6, 8);
pub(super) const LATER: Date = date(2020, 6, 9);
/// The last session of the day is over.
pub(super) const AT_THE_END: DateTime = EXAM_DAY.at(17, 0, 0, 0);

pub(super) fn rules() -> Rules {
    Rules {
        plan: PlanRules {
            minimum_age: 16,
            rotation_after: 3,
        },
        conduct: ConductRules { ban_years: 5 },
        candidates: CandidateRules {
            counted_until: CountedUntil::FirstSession,
            registered_elsewhere: Strictness::Refuse,
            level_held: Strictness::Warn,
        },
        staffing: StaffingRules {
            theory_invigilators: 2,
            theory_candidates_per_invigilator: 15,
            skill_examiners: 3,
            skill_candidates_per_examiner: 5,
            review_examiners: 3,
            odd_panels: true,
            exceptions: Vec::new(),
        },
    }
}

pub(super) fn weihai() -> DivisionCode {
    DivisionCode::parse("371000").expect("Weihai's code")
}

pub(super) fn session_id(number: u128) -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn candidate_id(number: u128) -> CandidateId {
    CandidateId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn staff(role: StaffRole, number: u32) -> Staff {
    Staff {
        id: Uuid::from_u128(number.into()),
        role,
        card: CardNumber::parse(&format!("R3720{number:04}")).expect("a card number"),
        name: PersonName::parse("示例考务").expect("a name"),
        salt: Salt::from_bytes([7; 16]),
        avoidance: Some(Avoidance::default()),
    }
}

pub(super) fn theory() -> Session {
    let roles = [
        StaffRole::Invigilator,
        StaffRole::Invigilator,
        StaffRole::QualitySupervisor,
    ];
    session(
        ExamPart::Theory,
        time(9, 0, 0, 0),
        time(10, 30, 0, 0),
        &roles,
    )
}

pub(super) fn skill() -> Session {
    session(
        ExamPart::Skill,
        time(14, 0, 0, 0),
        time(17, 0, 0, 0),
        &[StaffRole::Examiner; 3],
    )
}

fn session(part: ExamPart, starts_at: Time, ends_at: Time, roles: &[StaffRole]) -> Session {
    let numbered = (10 * part as u32..).zip(roles);
    Session {
        id: session_id(10 + part as u128),
        part,
        held_on: EXAM_DAY,
        starts_at,
        ends_at,
        site: "示例实训楼".to_owned(),
        room: "101".to_owned(),
        seats: 30,
        division: weihai(),
        staff: numbered
            .map(|(number, role)| staff(*role, number))
            .collect(),
        prepared: true,
        completed: false,
    }
}

fn subject(level: Level) -> Subject {
    let occupation = OccupationRef::parse("2015:6-31-01-03").expect("electrician");
    Subject {
        occupation,
        trade: String::new(),
        level,
    }
}

pub(super) fn draft() -> Plan {
    Plan {
        id: PlanId::from_uuid(Uuid::from_u128(1)),
        organization_id: OrganizationId::from_uuid(Uuid::from_u128(2)),
        process: "理论考试、技能考核".to_owned(),
        subjects: vec![subject(Level::Five), subject(Level::Four)],
        sessions: vec![theory(), skill()],
        candidates: 2,
        stage: Stage::Draft,
    }
}

fn report() -> Report {
    Report {
        receipt_id: ReceiptId::from_uuid(Uuid::from_u128(3)),
        received_on: date(2020, 5, 29),
        deadline: Calendar::supplied()
            .latest_hand_in(EXAM_DAY, 5)
            .expect("2020 is known"),
        plan_hash: ContentHash::of_bytes(b"plan"),
        filing_division: weihai(),
        organization_code: EvaluationOrganizationCode::for_shandong("10", 1).expect("a code"),
        warnings: Vec::new(),
        terms: draft().terms(&[]),
        consented_on: None,
    }
}

/// The rooms in which the sample sessions are held.
pub(super) fn rooms() -> Vec<RegisteredRoom> {
    let sessions = [theory(), skill()].into_iter();
    let room = |session: Session| RegisteredRoom {
        id: RoomId::from_uuid(session.id.uuid()),
        site: session.site,
        name: session.room,
        division: session.division,
        part: session.part,
        seats: session.seats,
        occupations: vec![subject(Level::Five).occupation],
        from: date(2020, 1, 1),
        until: None,
    };
    sessions.map(room).collect()
}

pub(super) fn reported() -> Plan {
    Plan {
        stage: Stage::Reported(report()),
        ..draft()
    }
}

pub(super) fn held() -> Plan {
    Plan {
        stage: Stage::Held(report(), ContentHash::of_bytes(b"roster")),
        ..draft()
    }
}

pub(super) fn born(day: Date, sequence: u16) -> Document {
    CitizenId::synthetic("370099", day, sequence).into()
}

pub(super) fn citizen(number: u16) -> Document {
    born(date(1990, 1, 1), number)
}

/// Of level five, after an apprenticeship.
pub(super) fn applicant(number: u16) -> Applicant {
    Applicant {
        id: candidate_id(number.into()),
        number: number.into(),
        salt: Salt::from_bytes([1; 16]),
        name: PersonName::parse("考生甲").ok(),
        document: Some(citizen(number)),
        subject: Some(0),
        claim: Some(Claim {
            rule: "18-5b".to_owned(),
            work_years: 0,
            apprenticeship: true,
            certificate: None,
            schooling: None,
            title: None,
            pledged: true,
        }),
        group: CandidateGroup::None,
        programme: String::new(),
        faults: FaultList::default(),
    }
}

pub(super) fn candidate(number: u128) -> Candidate {
    Candidate {
        id: candidate_id(number),
        ticket: TicketNumber::new(EXAM_DAY, u32::try_from(number).expect("a small number")),
        subject: 0,
        commitment: ContentHash::of_bytes(&number.to_be_bytes()),
        marks: Marks::default(),
    }
}
