//! A plan of a fictitious college in Weihai: theory in the morning, skill in the afternoon, and as
//! many candidates as a test wants. Everybody is synthetic.

use jiff::civil::{Date, DateTime, date};
use kernel::citizen_id::CitizenId;
use proto::common::v1::{Level, OccupationRef};
use proto::exam::v1::{self as contract, ExamPart, StaffRole};
use proto::registry::v1::RoomKind;

pub(crate) const WEIHAI: &str = "371000";
/// Day of both sessions, a Monday.
pub(crate) const EXAM_DAY: Date = date(2020, 6, 8);
/// The last of them is over.
pub(crate) const AFTER_THE_EXAM: DateTime = EXAM_DAY.at(17, 0, 0, 0);
/// The 5th working day before it.
pub(crate) const LATEST: Date = date(2020, 6, 1);
/// Part of every name in these tests, so that they can be looked for.
pub(crate) const MARK: &str = "标记";

fn staff(role: StaffRole, number: u32) -> contract::SessionStaff {
    contract::SessionStaff {
        role: role.into(),
        card_number: format!("R3720{number:04}"),
        name: format!("{MARK}考务"),
        avoidance: Some(contract::Avoidance::default()),
    }
}

pub(crate) const QINGDAO: &str = "370200";
/// Rooms of the organisation, what each is for, and where it lies.
pub(crate) const ROOMS: [(&str, RoomKind, &str); 4] = [
    ("101", RoomKind::Theory, WEIHAI),
    ("202", RoomKind::Theory, WEIHAI),
    ("实训一室", RoomKind::Skill, WEIHAI),
    ("实训二室", RoomKind::Skill, QINGDAO),
];
/// 考点
pub(crate) const SITE: &str = "示例实训楼";
/// Places in each of them.
pub(crate) const SEATS: u32 = 15;

fn session(
    part: ExamPart,
    (starts_at, ends_at): (&str, &str),
    staff: Vec<contract::SessionStaff>,
) -> contract::ExamSession {
    contract::ExamSession {
        part: part.into(),
        held_on: EXAM_DAY.to_string(),
        starts_at: starts_at.to_owned(),
        ends_at: ends_at.to_owned(),
        site: SITE.to_owned(),
        room: match part {
            ExamPart::Theory => ROOMS[0].0.to_owned(),
            _ => ROOMS[2].0.to_owned(),
        },
        seats: SEATS,
        division_code: WEIHAI.to_owned(),
        staff,
        ..contract::ExamSession::default()
    }
}

/// Theory in the morning, skill in the afternoon, fully staffed for 15.
pub(crate) fn sessions() -> Vec<contract::ExamSession> {
    let invigilators = (0..2).map(|number| staff(StaffRole::Invigilator, number));
    let theory = invigilators
        .chain([staff(StaffRole::QualitySupervisor, 9)])
        .collect();
    let examiners = (10..13)
        .map(|number| staff(StaffRole::Examiner, number))
        .collect();
    vec![
        session(ExamPart::Theory, ("09:00", "10:30"), theory),
        session(ExamPart::Skill, ("14:00", "17:00"), examiners),
    ]
}

pub(crate) fn subject(level: Level) -> contract::PlanSubject {
    contract::PlanSubject {
        occupation: Some(OccupationRef {
            edition: 2015,
            code: "6-31-01-03".to_owned(),
        }),
        trade: String::new(),
        level: level.into(),
    }
}

pub(crate) fn citizen(number: u16) -> CitizenId {
    CitizenId::synthetic("370099", date(1990, 1, 1), number)
}

/// A row of a roster.
pub(crate) fn row(number: u16) -> contract::RosterCandidate {
    contract::RosterCandidate {
        name: format!("{MARK}考生"),
        citizen_id: citizen(number).reveal().to_owned(),
        subject: u32::from(number) % 2,
        claim: Some(claim(u32::from(number) % 2)),
        ..contract::RosterCandidate::default()
    }
}

/// Why somebody may be examined: at level five after an apprenticeship, at level four after school.
pub(crate) fn claim(subject: u32) -> contract::EligibilityClaim {
    let claim = contract::EligibilityClaim {
        pledged: true,
        ..contract::EligibilityClaim::default()
    };
    match subject {
        0 => contract::EligibilityClaim {
            rule: "18-5b".to_owned(),
            apprenticeship: true,
            ..claim
        },
        _ => contract::EligibilityClaim {
            rule: "18-4c".to_owned(),
            schooling: Some(contract::Schooling {
                education: contract::Education::TechnicalSchool.into(),
                graduated_on: "2019-07-01".to_owned(),
            }),
            ..claim
        },
    }
}
